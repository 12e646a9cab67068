using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Cpu;

/// <summary>Row by row access to a CPU tensor [B, N, S, D] of float32 or bfloat16: any strides, except that a row is contiguous.</summary>
/// <remarks>Holds an address, not the tensor: the caller keeps the tensor alive.</remarks>
internal readonly unsafe struct TokenRows
{
    private readonly byte* _data;
    private readonly long _batchStride, _headStride, _tokenStride;
    private readonly int _heads, _dimension;
    private readonly bool _isBFloat16;

    public TokenRows(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var shape = tensor.shape;
        var strides = tensor.stride();
        _isBFloat16 = tensor.dtype == ScalarType.BFloat16;
        var elementSize = _isBFloat16 ? sizeof(ushort) : sizeof(float);
        (_batchStride, _headStride, _tokenStride) = (strides[0] * elementSize, strides[1] * elementSize, strides[2] * elementSize);
        (_heads, _dimension) = ((int)shape[1], (int)shape[3]);

        // A view of one element is contiguous whatever the strides, and starts where the tensor starts.
        var first = tensor.detach().select(0, 0).select(0, 0).select(0, 0).narrow(0, 0, 1);
        fixed (byte* address = first.bytes) _data = address;
    }

    /// <summary>The D floats of one token: in place, or converted into <paramref name="staging"/>.</summary>
    public float* Read(int head, long token, float* staging)
    {
        var row = Address(head, token);
        if (!_isBFloat16) return (float*)row;
        var source = (ushort*)row;
        var d = 0;
        for (; d <= _dimension - Vector256<uint>.Count; d += Vector256<uint>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(source + d));
            Vector256.ShiftLeft(Vector256.Create(low, high), 16).AsSingle().Store(staging + d);
        }
        for (; d < _dimension; d++) staging[d] = BitConverter.UInt32BitsToSingle((uint)source[d] << 16);
        return staging;
    }

    /// <summary>Writes the D floats of one token; bfloat16 is rounded to nearest, ties to even.</summary>
    public void Write(int head, long token, float* values)
    {
        var row = Address(head, token);
        if (!_isBFloat16)
        {
            new ReadOnlySpan<float>(values, _dimension).CopyTo(new Span<float>(row, _dimension));
            return;
        }
        var target = (ushort*)row;
        for (var d = 0; d < _dimension; d++) target[d] = RoundToBFloat16(values[d]);
    }

    /// <param name="head">Index over batch and heads, heads innermost.</param>
    /// <param name="token">Index in the sequence.</param>
    private byte* Address(int head, long token) =>
        _data + head / _heads * _batchStride + head % _heads * _headStride + token * _tokenStride;

    private static ushort RoundToBFloat16(float value)
    {
        if (float.IsNaN(value)) return 0x7FC0;
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
