using System.Buffers;
using System.Runtime.InteropServices;

namespace XVideo.SparseAttention.Cpu;

/// <summary>Pinned floats on a cache-line boundary. Rented, because fresh pages cost more than a short attention call.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int AlignmentInBytes = 64;
    private readonly float[] _array;
    private GCHandle _pin;

    public AlignedBuffer(long floats)
    {
        _array = ArrayPool<float>.Shared.Rent(checked((int)(floats + AlignmentInBytes / sizeof(float))));
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Pointer = (float*)((_pin.AddrOfPinnedObject() + AlignmentInBytes - 1) & ~(nint)(AlignmentInBytes - 1));
    }

    /// <summary>The first float; the contents are undefined.</summary>
    public float* Pointer { get; }

    public void Dispose()
    {
        if (!_pin.IsAllocated) return;
        _pin.Free();
        ArrayPool<float>.Shared.Return(_array);
    }
}
