using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace XVideo.DiT.Common;

/// <summary>What <see cref="FusedRows"/> does to a row: each changes float32 values in place.</summary>
internal static class RowMath
{
    private static readonly float GeluScale = 2 * (float)Math.Sqrt(2 / Math.PI);
    private const float GeluCubic = 0.044715f;

    /// <summary>x · Φ(x) in the tanh form: ½(1 + tanh u) is 1 / (1 + e^−2u).</summary>
    public static void GeluTanh(Span<float> values)
    {
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(values);
        foreach (ref var x in blocks) x = GeluTanh(x);
        foreach (ref var x in values[(blocks.Length * Vector256<float>.Count)..]) x = GeluTanh(Vector256.Create(x)).ToScalar();
    }

    /// <summary>x / rms(x) · γ.</summary>
    public static void RmsNorm(Span<float> values, ReadOnlySpan<float> gamma, double epsilon) =>
        Scale(values, gamma, (float)(1 / Math.Sqrt((SumOfSquares(values) / values.Length) + epsilon)));

    /// <summary>(x − mean) / deviation · scale + shift.</summary>
    /// <param name="values">The row.</param>
    /// <param name="scale">Factors.</param>
    /// <param name="shift">Terms.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void LayerNorm(Span<float> values, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, double epsilon)
    {
        var mean = (float)(Sum(values) / values.Length);
        Add(values, -mean);
        var inverse = (float)(1 / Math.Sqrt((SumOfSquares(values) / values.Length) + epsilon));
        Scale(values, scale, inverse);
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var terms = MemoryMarshal.Cast<float, Vector256<float>>(shift);
        for (var i = 0; i < blocks.Length; i++) blocks[i] += terms[i];
        for (var i = blocks.Length * Vector256<float>.Count; i < values.Length; i++) values[i] += shift[i];
    }

    /// <summary>Turns every pair (x[2i], x[2i+1]) of every head by its angle.</summary>
    /// <param name="values">Heads, one after another.</param>
    /// <param name="cos">[D] of this token: each cosine twice.</param>
    /// <param name="sin">[D] of this token: each sine twice, the first negative.</param>
    public static void Rotate(Span<float> values, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        var swapPairs = Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6);
        for (var start = 0; start < values.Length; start += cos.Length)
        {
            var head = values.Slice(start, cos.Length);
            var at = 0;
            for (; at <= head.Length - Vector256<float>.Count; at += Vector256<float>.Count)
            {
                var x = Vector256.Create<float>(head[at..]);
                ((x * Vector256.Create(cos[at..])) + (Vector256.Shuffle(x, swapPairs) * Vector256.Create(sin[at..]))).CopyTo(head[at..]);
            }
            for (; at < head.Length; at += 2)
                (head[at], head[at + 1]) = ((head[at] * cos[at]) + (head[at + 1] * sin[at]), (head[at + 1] * cos[at + 1]) + (head[at] * sin[at + 1]));
        }
    }

    private static Vector256<float> GeluTanh(Vector256<float> x)
    {
        var twice = x * (Vector256<float>.One + (x * x * GeluCubic)) * GeluScale;
        return x / (Vector256<float>.One + Vector256.Exp(-twice));
    }

    private static void Scale(Span<float> values, ReadOnlySpan<float> factors, float common)
    {
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var multipliers = MemoryMarshal.Cast<float, Vector256<float>>(factors);
        for (var i = 0; i < blocks.Length; i++) blocks[i] = blocks[i] * common * multipliers[i];
        for (var i = blocks.Length * Vector256<float>.Count; i < values.Length; i++) values[i] = values[i] * common * factors[i];
    }

    private static void Add(Span<float> values, float term)
    {
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(values);
        foreach (ref var x in blocks) x += Vector256.Create(term);
        foreach (ref var x in values[(blocks.Length * Vector256<float>.Count)..]) x += term;
    }

    private static float Sum(ReadOnlySpan<float> values)
    {
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var sums = Vector256<float>.Zero;
        foreach (var x in blocks) sums += x;
        var sum = Vector256.Sum(sums);
        foreach (var x in values[(blocks.Length * Vector256<float>.Count)..]) sum += x;
        return sum;
    }

    private static float SumOfSquares(ReadOnlySpan<float> values)
    {
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var sums = Vector256<float>.Zero;
        foreach (var x in blocks) sums = Vector256.FusedMultiplyAdd(x, x, sums);
        var sum = Vector256.Sum(sums);
        foreach (var x in values[(blocks.Length * Vector256<float>.Count)..]) sum += x * x;
        return sum;
    }
}
