using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.DiT.Common;

/// <summary>
/// Runs a chain of operations on one row at a time, for inference on the CPU: a row stays in the innermost cache from its first reading to its only
/// writing, where libtorch's operators would each go through the whole tensor.
/// </summary>
/// <remarks>Numerics: float32 inside; bfloat16 results are rounded to nearest, ties to even. No result depends on the number of threads.</remarks>
internal static class FusedRows
{
    private const int PartsPerThread = 4;

    /// <summary>Changes one row in place.</summary>
    /// <param name="row">Index over all dimensions but the last.</param>
    /// <param name="values">The row in float32.</param>
    /// <param name="scratch">Twice as long as the row, for the operation to use.</param>
    public delegate void Operation(int row, Span<float> values, Span<float> scratch);

    /// <summary>Whether <see cref="Run"/> can take this tensor. It has no gradient, and addresses memory by 32-bit spans.</summary>
    public static bool Accepts(Tensor x) =>
        !is_grad_enabled() && x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && x.is_contiguous()
        && x.numel() > 0 && x.numel() * x.element_size() <= int.MaxValue;

    /// <summary>A new tensor of the shape and type of <paramref name="x"/>, its rows those of x after the operation (or several, added up).</summary>
    public static Tensor Run(Tensor x, Operation operation)
    {
        var width = (int)x.size(-1);
        var rows = (int)(x.numel() / width);
        var output = empty(x.shape, x.dtype);
        var isBFloat16 = x.dtype == ScalarType.BFloat16;
        var threads = get_num_threads();
        var parts = Math.Min(rows, PartsPerThread * threads);
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var from = x.bytes;
            var to = output.bytes;
            var rowBytes = from.Length / rows;
            var buffer = new float[3 * width];
            var values = buffer.AsSpan(0, width);
            var scratch = buffer.AsSpan(width);
            for (var row = (int)((long)rows * part / parts); row < (int)((long)rows * (part + 1) / parts); row++)
            {
                var source = from.Slice(row * rowBytes, rowBytes);
                var target = to.Slice(row * rowBytes, rowBytes);
                if (isBFloat16) Widen(MemoryMarshal.Cast<byte, ushort>(source), values);
                else MemoryMarshal.Cast<byte, float>(source).CopyTo(values);
                operation(row, values, scratch);
                if (isBFloat16) Narrow(values, MemoryMarshal.Cast<byte, ushort>(target));
                else values.CopyTo(MemoryMarshal.Cast<byte, float>(target));
            }
        });
        return output;
    }

    /// <summary>A small parameter as float32 numbers.</summary>
    public static float[] Values(Tensor parameter)
    {
        using var scope = NewDisposeScope();
        return parameter.to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    private static void Widen(ReadOnlySpan<ushort> stored, Span<float> values)
    {
        var at = 0;
        for (; at <= stored.Length - Vector256<ushort>.Count; at += Vector256<ushort>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(stored[at..]));
            (low << 16).AsSingle().CopyTo(values[at..]);
            (high << 16).AsSingle().CopyTo(values[(at + Vector256<float>.Count)..]);
        }
        for (; at < stored.Length; at++) values[at] = BitConverter.UInt32BitsToSingle((uint)stored[at] << 16);
    }

    private static void Narrow(ReadOnlySpan<float> values, Span<ushort> stored)
    {
        var at = 0;
        for (; at <= stored.Length - Vector256<ushort>.Count; at += Vector256<ushort>.Count)
            Vector256.Narrow(Rounded(Vector256.Create(values[at..])), Rounded(Vector256.Create(values[(at + Vector256<float>.Count)..]))).CopyTo(stored[at..]);
        for (; at < stored.Length; at++) stored[at] = (ushort)Rounded(Vector256.Create(values[at])).ToScalar();
    }

    // A NaN must stay one: rounding could carry its last bits into the exponent.
    private static Vector256<uint> Rounded(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var nearest = bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One);
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), nearest, bits | Vector256.Create(0x400000u)) >> 16;
    }
}
