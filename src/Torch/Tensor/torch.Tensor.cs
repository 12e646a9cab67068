using System.Runtime.CompilerServices;
using TorchSharp.Utils;
using XVideo.Torch;
using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A libtorch tensor: a reference to shared storage with a shape, strides, an element type and a device.</summary>
    public sealed unsafe partial class Tensor : IDisposable
    {
        private const int MaxDimensions = 16;
        private static long _totalCount, _peakCount;

        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref _totalCount);
            if (total > Interlocked.Read(ref _peakCount)) Interlocked.Exchange(ref _peakCount, total);
            DisposeScope.Current?.Attach(this);
        }

        ~Tensor() => Release();

        /// <summary>Tensors alive in this process: created and neither disposed nor collected.</summary>
        public static long TotalCount => Interlocked.Read(ref _totalCount);

        /// <summary>The largest <see cref="TotalCount"/> so far.</summary>
        public static long PeakCount => Interlocked.Read(ref _peakCount);

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor), "The tensor was disposed, by hand or by its scope.");

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? OwningScope { get; set; }

        public void Dispose()
        {
            OwningScope?.Forget(this);
            OwningScope = null;
            Release();
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope() => OwningScope?.MoveToOuter(this) ?? this;

        public Tensor DetachFromDisposeScope() => OwningScope?.Detach(this) ?? this;

        public ScalarType dtype => (ScalarType)Info(0);

        public DeviceType device_type => (DeviceType)Info(1);

        public int device_index => (int)Info(2);

        public Device device => new(device_type, device_index);

        public bool is_cuda => device_type == DeviceType.CUDA;

        public long Dimensions => Info(3);

        public long ndim => Info(3);

        public bool requires_grad
        {
            get => Info(4) != 0;
            set
            {
                Libtorch.Native.SetRequiresGrad(Handle, value);
                GC.KeepAlive(this);
            }
        }

        public bool is_leaf => Info(5) != 0;

        public bool is_contiguous() => Info(6) != 0;

        public long[] shape => size();

        public long[] size() => Read(strides: false);

        public long[] stride() => Read(strides: true);

        public long size(int dim)
        {
            var sizes = size();
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        public long numel() => size().TotalSize();

        public long NumberOfElements => numel();

        public long element_size() => dtype switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            _ => 8,
        };

        public long ElementSize => element_size();

        /// <summary>The elements' memory. The tensor must be contiguous and on the CPU.</summary>
        public Span<byte> bytes
        {
            get => new(CpuPointer(), checked((int)(numel() * element_size())));
            set => value.CopyTo(bytes);
        }

        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            if (sizeof(T) != element_size())
                throw new ArgumentException($"data<{typeof(T).Name}>() does not fit a tensor of {dtype}: {sizeof(T)} bytes an element, got {element_size()}.");
            return new TensorAccessor<T>(this);
        }

        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new InvalidOperationException($"item() needs a tensor of one element, got {this}.");
            using var host = cpu();
            return *(T*)host.data<T>().Pointer;
        }

        public override string ToString() => _handle == 0 ? "disposed tensor" : $"[{string.Join(", ", shape)}] {dtype} on {device}";

        internal void* CpuPointer()
        {
            if (device_type != DeviceType.CPU || !is_contiguous())
                throw new InvalidOperationException($"Elements can be read only from a contiguous CPU tensor, got {this}. Call cpu().contiguous() first.");
            var pointer = (void*)Libtorch.Native.TensorData(Handle);
            GC.KeepAlive(this);
            return pointer;
        }

        private long Info(int index)
        {
            long* info = stackalloc long[8];
            long* sizes = stackalloc long[2 * MaxDimensions];
            Libtorch.Native.TensorInfo(Handle, info, sizes, sizes + MaxDimensions, MaxDimensions);
            GC.KeepAlive(this); // the last use of a tensor may be this call: its finalizer must not free the handle meanwhile
            return info[index];
        }

        private long[] Read(bool strides)
        {
            long* info = stackalloc long[8];
            long* values = stackalloc long[2 * MaxDimensions];
            Libtorch.Native.TensorInfo(Handle, info, values, values + MaxDimensions, MaxDimensions);
            GC.KeepAlive(this);
            return new Span<long>(strides ? values + MaxDimensions : values, (int)info[3]).ToArray();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Libtorch.Native.TensorFree(handle);
            Interlocked.Decrement(ref _totalCount);
        }
    }
}
