using TorchSharp;
using XVideo.Cuda.Launch;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>Tensors as kernels take them: addresses, strides, maps for the copy engine.</summary>
internal static class GpuTensors
{
    private const int ElementBytes = 2;

    // What one 16-byte access takes.
    private const int RowMultiple = 8;

    // 128 bytes: what one line of swizzled shared memory holds.
    private const int SpanElements = 64;

    /// <summary>The tensor if its rows can be read 16 bytes at a time, else a contiguous copy. [B, N, S, D].</summary>
    public static Tensor WithAlignedRows(Tensor x_bnsd)
    {
        var strides = x_bnsd.stride();
        var isAligned = strides[3] == 1 && DevicePointer.Of(x_bnsd) % 16 == 0 && strides[..3].Zip(x_bnsd.shape).All(axis => axis.Second == 1 || (axis.First > 0 && axis.First % RowMultiple == 0));
        if (isAligned) return x_bnsd;
        // A view that is contiguous already comes back as it is, even where it starts between two multiples of 16.
        var copy = x_bnsd.contiguous();
        return DevicePointer.Of(copy) % 16 == 0 ? copy : copy.clone();
    }

    /// <summary>Strides of [B, N, S, D].</summary>
    public static TensorStrides Strides(Tensor x_bnsd)
    {
        var strides = x_bnsd.stride();
        return new TensorStrides { Batch = strides[0], Head = strides[1], Token = strides[2] };
    }

    /// <summary>A map of [B, N, S, D] as (D, S, N, B) with boxes of 64 × <paramref name="tokens"/>.</summary>
    public static TensorMap Map(Tensor x_bnsd, int tokens)
    {
        var (shape, strides) = (x_bnsd.shape, Strides(x_bnsd));
        return TensorMap.Encode(
            MapElement(x_bnsd), DevicePointer.Of(x_bnsd), [shape[3], shape[2], shape[1], shape[0]],
            [Bytes(strides.Token, shape[2]), Bytes(strides.Head, shape[1]), Bytes(strides.Batch, shape[0])], [SpanElements, tokens, 1, 1]);
    }

    /// <summary>A map of [B, N, S, D] as (D, stride, rows, N, B), where a row is <paramref name="stride"/> neighbouring tokens, with boxes of 64 × 1 × <paramref name="rows"/>.</summary>
    public static TensorMap StridedMap(Tensor x_bnsd, int stride, int rows)
    {
        var (shape, strides) = (x_bnsd.shape, Strides(x_bnsd));
        return TensorMap.Encode(
            MapElement(x_bnsd), DevicePointer.Of(x_bnsd), [shape[3], stride, shape[2] / stride, shape[1], shape[0]],
            [Bytes(strides.Token, shape[2]), Bytes(stride * strides.Token, shape[2]), Bytes(strides.Head, shape[1]), Bytes(strides.Batch, shape[0])],
            [SpanElements, 1, rows, 1, 1]);
    }

    /// <summary>New storage for an output, laid out like the query: joining the heads of a transposed view afterwards copies nothing.</summary>
    public static Tensor NewLike(Tensor query)
    {
        var (shape, strides) = (query.shape, query.stride());
        return strides[2] > strides[1]
            ? empty([shape[0], shape[2], shape[1], shape[3]], query.dtype, query.device).transpose(1, 2)
            : empty(shape, query.dtype, query.device);
    }

    private static TensorMapElement MapElement(Tensor tensor) => tensor.dtype == ScalarType.BFloat16 ? TensorMapElement.BFloat16 : TensorMapElement.Float16;

    // libtorch may give any stride to an axis of size 1, and the map wants a multiple of 16 bytes.
    private static long Bytes(long stride, long size) => size == 1 ? 16 : stride * ElementBytes;
}
