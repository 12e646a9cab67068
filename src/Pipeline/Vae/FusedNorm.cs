using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>
/// The channel norm and SiLU in one pass over memory, for inference on the CPU: written straight to where the next convolution reads.
/// Composed of libtorch's operators, with the joining of earlier frames, it takes about eight passes.
/// </summary>
/// <remarks>Numerics: float32 inside; the exponential is good to 2e-7 of its value; bfloat16 results are rounded to nearest, ties to even.</remarks>
internal static class FusedNorm
{
    // Pixels at a time: their channels stay in the processor's inner caches between the two passes over them.
    private const int Block = 128;
    private const float SmallestSquare = 1e-24f;

    /// <summary>Whether <see cref="Run"/> can take this tensor. It has no gradient, and addresses memory by 32-bit spans.</summary>
    public static bool Accepts(Tensor x, long framesBefore) =>
        !is_grad_enabled() && x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && x.element_size() * x.size(0) * x.size(1) * (x.size(2) + framesBefore) * x.size(3) * x.size(4) <= int.MaxValue;

    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="scale">Of each channel, √C included.</param>
    /// <param name="framesBefore">Frames to leave free before the result, for the caller to fill.</param>
    /// <param name="silu">Whether x · sigmoid(x) follows.</param>
    /// <returns>[B, C, framesBefore + T, H, W] in new storage.</returns>
    public static Tensor Run(Tensor x, float[] scale, long framesBefore, bool silu)
    {
        using var scope = NewDisposeScope();
        var size = x.size();
        var input = x.contiguous();
        var output = empty([size[0], size[1], framesBefore + size[2], size[3], size[4]], x.dtype);
        var plane = checked((int)(size[2] * size[3] * size[4]));
        var before = checked((int)(framesBefore * size[3] * size[4]));
        var blocks = (plane + Block - 1) / Block;
        var total = checked((int)size[0]) * blocks;
        var threads = get_num_threads();
        var parts = Math.Min(total, 4 * threads);
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var scratch = new float[(scale.Length + 1) * Block];
            for (var item = (int)((long)total * part / parts); item < (long)total * (part + 1) / parts; item++)
            {
                var (clip, start) = (item / blocks, item % blocks * Block);
                var area = new Area(clip * scale.Length, start, Math.Min(Block, plane - start), plane, before);
                if (input.dtype == ScalarType.Float32)
                    Pixels<float>(MemoryMarshal.Cast<byte, float>(input.bytes), MemoryMarshal.Cast<byte, float>(output.bytes), area, scale, scratch, silu);
                else
                    Pixels<ushort>(MemoryMarshal.Cast<byte, ushort>(input.bytes), MemoryMarshal.Cast<byte, ushort>(output.bytes), area, scale, scratch, silu);
            }
        });
        return output.MoveToOuterDisposeScope();
    }

    private readonly record struct Area(int FirstRow, int Start, int Count, int Plane, int Before);

    private static void Pixels<T>(ReadOnlySpan<T> input, Span<T> output, Area area, float[] scale, float[] scratch, bool silu) where T : unmanaged
    {
        var inverse = scratch.AsSpan(0, Block);
        inverse.Clear();
        for (var channel = 0; channel < scale.Length; channel++)
        {
            var row = scratch.AsSpan((channel + 1) * Block, Block);
            Load(input.Slice(((area.FirstRow + channel) * area.Plane) + area.Start, area.Count), row);
            for (var at = 0; at < Block; at += Vector256<float>.Count)
            {
                var value = Vector256.Create<float>(row[at..]);
                Vector256.FusedMultiplyAdd(value, value, Vector256.Create<float>(inverse[at..])).CopyTo(inverse[at..]);
            }
        }
        for (var at = 0; at < Block; at += Vector256<float>.Count)
            (Vector256<float>.One / Vector256.Sqrt(Vector256.Max(Vector256.Create<float>(inverse[at..]), Vector256.Create(SmallestSquare)))).CopyTo(inverse[at..]);
        for (var channel = 0; channel < scale.Length; channel++)
        {
            var row = scratch.AsSpan((channel + 1) * Block, Block);
            var factor = Vector256.Create(scale[channel]);
            for (var at = 0; at < Block; at += Vector256<float>.Count)
            {
                var value = Vector256.Create<float>(row[at..]) * Vector256.Create<float>(inverse[at..]) * factor;
                (silu ? value / (Vector256<float>.One + Exp(-value)) : value).CopyTo(row[at..]);
            }
            Store(row, output.Slice(((area.FirstRow + channel) * (area.Plane + area.Before)) + area.Before + area.Start, area.Count));
        }
    }

    // Fills the whole row: what lies behind the last pixel is zero.
    private static void Load<T>(ReadOnlySpan<T> from, Span<float> row) where T : unmanaged
    {
        if (from.Length < Block) row.Clear();
        if (typeof(T) == typeof(float))
        {
            MemoryMarshal.Cast<T, float>(from).CopyTo(row);
            return;
        }
        var stored = MemoryMarshal.Cast<T, ushort>(from);
        var at = 0;
        for (; at <= stored.Length - Vector256<ushort>.Count; at += Vector256<ushort>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create<ushort>(stored[at..]));
            (low << 16).AsSingle().CopyTo(row[at..]);
            (high << 16).AsSingle().CopyTo(row[(at + Vector256<float>.Count)..]);
        }
        for (; at < stored.Length; at++) row[at] = BitConverter.UInt32BitsToSingle((uint)stored[at] << 16);
    }

    private static void Store<T>(ReadOnlySpan<float> row, Span<T> to) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            row[..to.Length].CopyTo(MemoryMarshal.Cast<T, float>(to));
            return;
        }
        var stored = MemoryMarshal.Cast<T, ushort>(to);
        var at = 0;
        for (; at <= stored.Length - Vector256<ushort>.Count; at += Vector256<ushort>.Count)
            Vector256.Narrow(Rounded(Vector256.Create<float>(row[at..])), Rounded(Vector256.Create<float>(row[(at + Vector256<float>.Count)..]))).CopyTo(stored[at..]);
        for (; at < stored.Length; at++) stored[at] = (ushort)Rounded(Vector256.Create(row[at])).ToScalar();
    }

    // A NaN must stay one: rounding could carry its last bits into the exponent.
    private static Vector256<uint> Rounded(Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var nearest = bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One);
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), nearest, bits | Vector256.Create(0x400000u)) >> 16;
    }

    // e^x = 2^n · e^r with n whole and |r| at most ln 2 / 2; e^r by its Taylor series.
    private static Vector256<float> Exp(Vector256<float> x)
    {
        var bounded = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(88f));
        var n = Vector256.Round(bounded * Vector256.Create(1.44269504f));
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-0.693359375f), bounded);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(2.12194440e-4f), r);
        var sum = Vector256.Create(1f / 720);
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 120));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 24));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 6));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(0.5f));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256<float>.One);
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256<float>.One);
        return sum * ((Vector256.ConvertToInt32Native(n) + Vector256.Create(127)) << 23).AsSingle();
    }
}
