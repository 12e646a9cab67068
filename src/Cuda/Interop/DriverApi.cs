using System.Runtime.InteropServices;

namespace XVideo.Cuda.Interop;

/// <summary>The functions of the CUDA driver that we call, under their C names without the <c>cu</c>. Every status goes through <see cref="Check"/>.</summary>
internal sealed unsafe class DriverApi
{
    private static readonly Lazy<DriverApi> Shared = new(static () => new DriverApi("libcuda.so.1"));

    // CUresult fn(...), in the order of the driver API reference; handles are pointers, a CUdevice is an int.
    public readonly delegate* unmanaged<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    public readonly delegate* unmanaged<int*, DeviceAttribute, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged<nint*, int, int> DevicePrimaryCtxRetain;
    public readonly delegate* unmanaged<int, int> DevicePrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, int> CtxSetCurrent;
    public readonly delegate* unmanaged<nint, int> CtxPushCurrent;
    public readonly delegate* unmanaged<nint*, int> CtxPopCurrent;
    public readonly delegate* unmanaged<nint*, void*, int> ModuleLoadData;
    public readonly delegate* unmanaged<nint, int> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged<nuint*, nuint*, int> MemGetInfo;
    public readonly delegate* unmanaged<nint*, uint, int> EventCreate;
    public readonly delegate* unmanaged<nint, nint, int> EventRecord;
    public readonly delegate* unmanaged<nint, int> EventSynchronize;
    public readonly delegate* unmanaged<nint, int> EventDestroy;
    public readonly delegate* unmanaged<float*, nint, nint, int> EventElapsedTime;
    public readonly delegate* unmanaged<int*, FunctionAttribute, nint, int> FuncGetAttribute;
    public readonly delegate* unmanaged<nint, FunctionAttribute, int, int> FuncSetAttribute;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;

    /// <summary>From CUDA 12.4; null in older drivers.</summary>
    public readonly delegate* unmanaged<nint, nuint, nuint*, nuint*, int> FuncGetParamInfo;

    /// <summary>From CUDA 12.0; null in older drivers.</summary>
    public readonly delegate* unmanaged<void*, int, uint, void*, ulong*, ulong*, uint*, uint*, int, int, int, int, int> TensorMapEncodeTiled;

    private readonly nint _library;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorString;

    /// <param name="library">Name or path of the driver's library.</param>
    /// <exception cref="CudaException">It is missing, lacks a function, or does not start.</exception>
    public DriverApi(string library)
    {
        if (!NativeLibrary.TryLoad(library, out _library))
            throw new CudaException($"There is no NVIDIA driver: {library} is not on this machine. Install the driver, or compute on the CPU with --device cpu.");
        _getErrorName = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorName");
        _getErrorString = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorString");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Export("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, DeviceAttribute, int, int>)Export("cuDeviceGetAttribute");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)Export("cuCtxSetCurrent");
        CtxPushCurrent = (delegate* unmanaged<nint, int>)Export("cuCtxPushCurrent_v2");
        CtxPopCurrent = (delegate* unmanaged<nint*, int>)Export("cuCtxPopCurrent_v2");
        ModuleLoadData = (delegate* unmanaged<nint*, void*, int>)Export("cuModuleLoadData");
        ModuleUnload = (delegate* unmanaged<nint, int>)Export("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Export("cuMemGetInfo_v2");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuEventCreate");
        EventRecord = (delegate* unmanaged<nint, nint, int>)Export("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)Export("cuEventSynchronize");
        EventDestroy = (delegate* unmanaged<nint, int>)Export("cuEventDestroy_v2");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)Export("cuEventElapsedTime");
        FuncGetAttribute = (delegate* unmanaged<int*, FunctionAttribute, nint, int>)Export("cuFuncGetAttribute");
        FuncSetAttribute = (delegate* unmanaged<nint, FunctionAttribute, int, int>)Export("cuFuncSetAttribute");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel");
        FuncGetParamInfo = (delegate* unmanaged<nint, nuint, nuint*, nuint*, int>)OptionalExport("cuFuncGetParamInfo");
        TensorMapEncodeTiled = (delegate* unmanaged<void*, int, uint, void*, ulong*, ulong*, uint*, uint*, int, int, int, int, int>)OptionalExport("cuTensorMapEncodeTiled");
        Check(((delegate* unmanaged<uint, int>)Export("cuInit"))(0), "cuInit");
    }

    /// <summary>The driver of this machine, loaded and started on first use.</summary>
    /// <exception cref="CudaException">There is none, or it does not start.</exception>
    public static DriverApi Instance => Shared.Value;

    /// <summary>Throws unless the status is CUDA_SUCCESS.</summary>
    /// <param name="status">What the call returned.</param>
    /// <param name="call">The C function.</param>
    /// <param name="about">What it was called for.</param>
    public void Check(int status, string call, string? about = null)
    {
        if (status != 0) throw Error(status, call, about);
    }

    /// <summary>The exception for a status other than CUDA_SUCCESS.</summary>
    public CudaException Error(int status, string call, string? about)
    {
        var name = Text(_getErrorName, status) ?? "unknown status";
        var text = Text(_getErrorString, status);
        return new CudaException($"{call} failed{(about is null ? "" : $" for {about}")}: {name} ({status}){(text is null ? "" : $", {text}")}.", status, name, call);
    }

    private static string? Text(delegate* unmanaged<int, byte**, int> describe, int status)
    {
        byte* text = null;
        return describe(status, &text) == 0 ? Marshal.PtrToStringUTF8((nint)text) : null;
    }

    private nint Export(string name)
    {
        var export = OptionalExport(name);
        return export != 0 ? export : throw new CudaException($"The NVIDIA driver is too old: it has no {name}. Install a driver for CUDA 11.4 or newer.");
    }

    private nint OptionalExport(string name) => NativeLibrary.TryGetExport(_library, name, out var export) ? export : 0;
}
