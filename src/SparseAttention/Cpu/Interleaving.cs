using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace XVideo.SparseAttention.Cpu;

/// <summary>Puts 8 rows side by side: number d of row r goes to target[d · stride + r].</summary>
internal static unsafe class Interleaving
{
    private const int Rows = TileKernel.Group;

    /// <param name="rows">8 rows of <paramref name="length"/> floats; null stands for zeros.</param>
    /// <param name="length">A multiple of 8.</param>
    /// <param name="scale">Every number is multiplied by it.</param>
    /// <param name="target">Where number 0 of row 0 goes.</param>
    /// <param name="stride">At least 8.</param>
    public static void Write(float** rows, int length, float scale, float* target, int stride)
    {
        if (Avx.IsSupported) WriteAvx(rows, length, scale, target, stride);
        else WritePortable(rows, length, scale, target, stride);
    }

    internal static void WritePortable(float** rows, int length, float scale, float* target, int stride)
    {
        for (var r = 0; r < Rows; r++)
        {
            var row = rows[r];
            for (var d = 0; d < length; d++) target[d * stride + r] = row == null ? 0 : row[d] * scale;
        }
    }

    private static void WriteAvx(float** rows, int length, float scale, float* target, int stride)
    {
        var factor = Vector256.Create(scale);
        for (var d = 0; d < length; d += Rows, target += Rows * stride)
        {
            Vector256<float> a = Load(rows[0], d), b = Load(rows[1], d), c = Load(rows[2], d), e = Load(rows[3], d);
            Vector256<float> f = Load(rows[4], d), g = Load(rows[5], d), h = Load(rows[6], d), i = Load(rows[7], d);
            // Pairs, then fours within each half, then halves.
            Vector256<float> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b), ce0 = Avx.UnpackLow(c, e), ce1 = Avx.UnpackHigh(c, e);
            Vector256<float> fg0 = Avx.UnpackLow(f, g), fg1 = Avx.UnpackHigh(f, g), hi0 = Avx.UnpackLow(h, i), hi1 = Avx.UnpackHigh(h, i);
            Vector256<float> l0 = Avx.Shuffle(ab0, ce0, 0x44), l1 = Avx.Shuffle(ab0, ce0, 0xEE), l2 = Avx.Shuffle(ab1, ce1, 0x44), l3 = Avx.Shuffle(ab1, ce1, 0xEE);
            Vector256<float> r0 = Avx.Shuffle(fg0, hi0, 0x44), r1 = Avx.Shuffle(fg0, hi0, 0xEE), r2 = Avx.Shuffle(fg1, hi1, 0x44), r3 = Avx.Shuffle(fg1, hi1, 0xEE);
            Avx.Permute2x128(l0, r0, 0x20).Store(target);
            Avx.Permute2x128(l1, r1, 0x20).Store(target + stride);
            Avx.Permute2x128(l2, r2, 0x20).Store(target + 2 * stride);
            Avx.Permute2x128(l3, r3, 0x20).Store(target + 3 * stride);
            Avx.Permute2x128(l0, r0, 0x31).Store(target + 4 * stride);
            Avx.Permute2x128(l1, r1, 0x31).Store(target + 5 * stride);
            Avx.Permute2x128(l2, r2, 0x31).Store(target + 6 * stride);
            Avx.Permute2x128(l3, r3, 0x31).Store(target + 7 * stride);
        }

        Vector256<float> Load(float* row, int at) => row == null ? default : Avx.Multiply(Vector256.Load(row + at), factor);
    }
}
