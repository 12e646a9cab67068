using System.Runtime.Intrinsics;

namespace XVideo.Metrics;

/// <summary>Exact sums over the differences of two byte arrays of one length.</summary>
/// <param name="Absolute">Sum of |a − b|.</param>
/// <param name="Squared">Sum of (a − b)².</param>
public readonly record struct ByteDifferences(long Absolute, long Squared)
{
    // A 32-bit lane takes four squares, at most 65,025 each, from every vector: 4,096 vectors stay far below its limit.
    private const int VectorsPerChunk = 4096;

    /// <summary>Compares two arrays.</summary>
    /// <param name="a">Any bytes.</param>
    /// <param name="b">As many.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="b"/> is shorter.</exception>
    public static ByteDifferences Between(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var chunk = VectorsPerChunk * Vector256<byte>.Count;
        var (absolute, squared) = (0L, 0L);
        for (var start = 0; start < a.Length; start += chunk)
        {
            var length = Math.Min(chunk, a.Length - start);
            var sums = OfChunk(a.Slice(start, length), b.Slice(start, length));
            (absolute, squared) = (absolute + sums.Absolute, squared + sums.Squared);
        }

        return new(absolute, squared);
    }

    private static ByteDifferences OfChunk(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (absolutes, squares) = (Vector256<uint>.Zero, Vector256<uint>.Zero);
        var i = 0;
        for (; i <= a.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var (x, y) = (Vector256.Create(a[i..]), Vector256.Create(b[i..]));
            var (low, high) = Vector256.Widen(Vector256.Max(x, y) - Vector256.Min(x, y));
            absolutes += Paired(low + high);
            squares += Paired(low * low) + Paired(high * high);
        }

        var (absolute, squared) = ((long)Vector256.Sum(absolutes), Total(squares));
        for (; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            (absolute, squared) = (absolute + Math.Abs(difference), squared + difference * difference);
        }

        return new(absolute, squared);
    }

    private static Vector256<uint> Paired(Vector256<ushort> values)
    {
        var (low, high) = Vector256.Widen(values);
        return low + high;
    }

    private static long Total(Vector256<uint> sums)
    {
        var (low, high) = Vector256.Widen(sums);
        return (long)Vector256.Sum(low + high);
    }
}
