using System.Runtime.InteropServices;

namespace XVideo.Torch.Interop;

/// <summary>The exported functions of xvideo_torch.cpp, bound by name from one loaded library.</summary>
internal sealed unsafe class NativeApi
{
    private readonly delegate* unmanaged<nint> _lastError, _version;
    private readonly delegate* unmanaged<byte*, byte*, nint> _find;
    private readonly delegate* unmanaged<nint, NativeValue*, int, NativeValue*, int, int> _call;
    private readonly delegate* unmanaged<nint, void> _freeList, _tensorFree;
    private readonly delegate* unmanaged<nint, nint> _tensorShare, _tensorData, _grad;
    private readonly delegate* unmanaged<nint, long*, long*, long*, int, int> _tensorInfo;
    private readonly delegate* unmanaged<void*, long*, int, int, nint> _fromBlob;
    private readonly delegate* unmanaged<nint, int, int> _setRequiresGrad;
    private readonly delegate* unmanaged<nint, nint, int> _setGrad;
    private readonly delegate* unmanaged<nint, nint, int, int> _backward;
    private readonly delegate* unmanaged<int> _gradEnabled, _numThreads, _deviceCount, _valueSize;
    private readonly delegate* unmanaged<int, void> _setGradEnabled, _setNumThreads, _benchmarkConvolutions, _allowTf32Convolutions;
    private readonly delegate* unmanaged<ulong, int> _manualSeed;
    private readonly delegate* unmanaged<int, int> _synchronize, _resetPeakMemory;
    private readonly delegate* unmanaged<int, long*, int> _memory;
    private readonly delegate* unmanaged<int, nint> _stream;

    public NativeApi(nint library)
    {
        nint Export(string name) => NativeLibrary.GetExport(library, name);
        _lastError = (delegate* unmanaged<nint>)Export("xvt_last_error");
        _version = (delegate* unmanaged<nint>)Export("xvt_version");
        _find = (delegate* unmanaged<byte*, byte*, nint>)Export("xvt_find");
        _call = (delegate* unmanaged<nint, NativeValue*, int, NativeValue*, int, int>)Export("xvt_call");
        _freeList = (delegate* unmanaged<nint, void>)Export("xvt_free_list");
        _tensorFree = (delegate* unmanaged<nint, void>)Export("xvt_tensor_free");
        _tensorShare = (delegate* unmanaged<nint, nint>)Export("xvt_tensor_share");
        _tensorData = (delegate* unmanaged<nint, nint>)Export("xvt_tensor_data");
        _grad = (delegate* unmanaged<nint, nint>)Export("xvt_grad");
        _tensorInfo = (delegate* unmanaged<nint, long*, long*, long*, int, int>)Export("xvt_tensor_info");
        _fromBlob = (delegate* unmanaged<void*, long*, int, int, nint>)Export("xvt_from_blob");
        _setRequiresGrad = (delegate* unmanaged<nint, int, int>)Export("xvt_set_requires_grad");
        _setGrad = (delegate* unmanaged<nint, nint, int>)Export("xvt_set_grad");
        _backward = (delegate* unmanaged<nint, nint, int, int>)Export("xvt_backward");
        _gradEnabled = (delegate* unmanaged<int>)Export("xvt_grad_enabled");
        _numThreads = (delegate* unmanaged<int>)Export("xvt_num_threads");
        _deviceCount = (delegate* unmanaged<int>)Export("xvt_cuda_device_count");
        _valueSize = (delegate* unmanaged<int>)Export("xvt_value_size");
        _setGradEnabled = (delegate* unmanaged<int, void>)Export("xvt_set_grad_enabled");
        _setNumThreads = (delegate* unmanaged<int, void>)Export("xvt_set_num_threads");
        _benchmarkConvolutions = (delegate* unmanaged<int, void>)Export("xvt_benchmark_convolutions");
        _allowTf32Convolutions = (delegate* unmanaged<int, void>)Export("xvt_allow_tf32_convolutions");
        _manualSeed = (delegate* unmanaged<ulong, int>)Export("xvt_manual_seed");
        _synchronize = (delegate* unmanaged<int, int>)Export("xvt_cuda_synchronize");
        _memory = (delegate* unmanaged<int, long*, int>)Export("xvt_cuda_memory");
        _resetPeakMemory = (delegate* unmanaged<int, int>)Export("xvt_cuda_reset_peak_memory");
        _stream = (delegate* unmanaged<int, nint>)Export("xvt_cuda_stream");
        if (_valueSize() != sizeof(NativeValue))
            throw new InvalidOperationException($"The native layer's Value has {_valueSize()} bytes; this build expects {sizeof(NativeValue)}.");
    }

    public string LastError() => Marshal.PtrToStringUTF8(_lastError()) ?? "";
    public string Version() => Marshal.PtrToStringUTF8(_version()) ?? "";

    public nint Find(string name, string overload)
    {
        fixed (byte* n = System.Text.Encoding.UTF8.GetBytes(name + '\0'))
        fixed (byte* o = System.Text.Encoding.UTF8.GetBytes(overload + '\0'))
            return _find(n, o);
    }

    public int Call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity) => _call(op, arguments, count, results, capacity);
    public void FreeList(nint list) => _freeList(list);
    public void TensorFree(nint handle) => _tensorFree(handle);
    public nint TensorShare(nint handle) => _tensorShare(handle);
    public nint TensorData(nint handle) => Checked(_tensorData(handle), "data_ptr");
    public nint Grad(nint handle) => _grad(handle);

    public void TensorInfo(nint handle, long* info, long* sizes, long* strides, int capacity) =>
        Checked(_tensorInfo(handle, info, sizes, strides, capacity), "tensor_info");

    public nint FromBlob(void* data, long* sizes, int dimensions, int dtype) => Checked(_fromBlob(data, sizes, dimensions, dtype), "from_blob");
    public void SetRequiresGrad(nint handle, bool on) => Checked(_setRequiresGrad(handle, on ? 1 : 0), "requires_grad_");
    public void SetGrad(nint handle, nint grad) => Checked(_setGrad(handle, grad), "set_grad");
    public void Backward(nint handle, nint gradient, bool retainGraph) => Checked(_backward(handle, gradient, retainGraph ? 1 : 0), "backward");
    public bool GradEnabled() => _gradEnabled() != 0;
    public void SetGradEnabled(bool on) => _setGradEnabled(on ? 1 : 0);
    public int NumThreads() => _numThreads();
    public void SetNumThreads(int count) => _setNumThreads(count);
    public void BenchmarkConvolutions(bool on) => _benchmarkConvolutions(on ? 1 : 0);
    public void AllowTf32Convolutions(bool on) => _allowTf32Convolutions(on ? 1 : 0);
    public void ManualSeed(ulong seed) => Checked(_manualSeed(seed), "manual_seed");
    public int CudaDeviceCount() => _deviceCount();
    public nint CudaStream(int index) => Checked(_stream(index), "cuda.current_stream");
    public void CudaSynchronize(int index) => Checked(_synchronize(index), "cuda.synchronize");

    /// <summary>Bytes of tensors on a GPU, now and at most; <see langword="null"/> when this libtorch does not tell.</summary>
    public (long Now, long Peak)? CudaMemory(int index)
    {
        var nowAndPeak = stackalloc long[2];
        return _memory(index, nowAndPeak) == 1 ? (nowAndPeak[0], nowAndPeak[1]) : null;
    }

    public bool CudaResetPeakMemory(int index) => _resetPeakMemory(index) == 1;

    private nint Checked(nint result, string call) => result != -1 ? result : throw new TorchException(call, "", LastError().Trim());
}
