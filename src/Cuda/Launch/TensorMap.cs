using System.Runtime.InteropServices;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Launch;

/// <summary>
/// A CUtensorMap: how the copy engine of compute 9.0 and newer finds the boxes of a tensor. 128 bytes, to be passed as one
/// <c>const __grid_constant__ CUtensorMap</c> parameter of a kernel.
/// </summary>
/// <remarks>
/// As a parameter of its own it needs no alignment here: the driver copies it to where the kernel wants it. Inside an argument struct it must lie at a multiple of
/// 64 bytes, as the kernel's compiler lays it out. Elements outside the tensor are read as zeros and never written.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct TensorMap
{
    internal const int SizeInBytes = 128;
    private const int Alignment = 64;
    private fixed ulong _opaque[SizeInBytes / sizeof(ulong)];

    /// <summary>Describes a tensor to the copy engine.</summary>
    /// <param name="element">Number type.</param>
    /// <param name="pointer">First element, on the device; a multiple of 16.</param>
    /// <param name="dims">Elements along each of 1 to 5 dimensions, innermost (contiguous) first; each 1 to 2³².</param>
    /// <param name="byteStrides">Bytes from one element to the next along every dimension but the innermost; multiples of 16, below 2⁴⁰. One fewer than <paramref name="dims"/>.</param>
    /// <param name="box">Elements of one copy along each dimension, 1 to 256; the innermost a multiple of 16 bytes and at most as long as the swizzle.</param>
    /// <param name="swizzle">Permutation in shared memory.</param>
    /// <param name="promotion">Fetch size of the L2 cache.</param>
    /// <exception cref="ArgumentException">One of these rules is broken; the message has the value.</exception>
    /// <exception cref="CudaException">There is no driver, it is older than CUDA 12.0, or it refuses the map.</exception>
    public static TensorMap Encode(
        TensorMapElement element, nint pointer, ReadOnlySpan<long> dims, ReadOnlySpan<long> byteStrides, ReadOnlySpan<int> box,
        TensorMapSwizzle swizzle = TensorMapSwizzle.Bytes128, TensorMapPromotion promotion = TensorMapPromotion.Bytes256)
    {
        TensorMapRules.Check(element, pointer, dims, byteStrides, box, swizzle);
        return Encode(DriverApi.Instance, element, pointer, dims, byteStrides, box, swizzle, promotion);
    }

    internal static TensorMap Encode(
        DriverApi api, TensorMapElement element, nint pointer, ReadOnlySpan<long> dims, ReadOnlySpan<long> byteStrides, ReadOnlySpan<int> box,
        TensorMapSwizzle swizzle, TensorMapPromotion promotion)
    {
        const int interleaveNone = 0, fillWithZeros = 0;
        if (api.TensorMapEncodeTiled == null) throw new CudaException("The NVIDIA driver has no cuTensorMapEncodeTiled, which kernels for compute 9.0 need. Install a driver for CUDA 12.0 or newer.");
        var elementStrides = stackalloc uint[TensorMapRules.MaxRank];
        new Span<uint>(elementStrides, TensorMapRules.MaxRank).Fill(1);
        // The driver wants its result at a multiple of 64, which neither stack nor heap promise.
        var memory = stackalloc byte[SizeInBytes + Alignment];
        var aligned = (TensorMap*)(((nint)memory + Alignment - 1) & -Alignment);
        fixed (long* dim = dims, stride = byteStrides)
        fixed (int* size = box)
        {
            var status = api.TensorMapEncodeTiled(
                aligned, (int)element, (uint)dims.Length, (void*)pointer, (ulong*)dim, (ulong*)stride, (uint*)size, elementStrides, interleaveNone, (int)swizzle, (int)promotion, fillWithZeros);
            if (status != 0) throw api.Error(status, "cuTensorMapEncodeTiled", TensorMapRules.Describe(element, dims, byteStrides, box, swizzle));
        }
        return *aligned;
    }
}
