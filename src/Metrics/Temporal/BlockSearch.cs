using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace XVideo.Metrics.Temporal;

/// <summary>Finds where the 8x8 blocks of a plane come from in the plane before it: full search by the sum of absolute differences.</summary>
internal sealed class BlockSearch
{
    public const int BlockSide = 8;

    private readonly int _reach;

    // Shorter vectors first, so that a later one must be better to win.
    private readonly (int X, int Y)[] _vectors;

    /// <param name="reach">Longest step along each axis in pixels.</param>
    public BlockSearch(int reach)
    {
        _reach = reach;
        _vectors =
        [
            .. from y in Enumerable.Range(-reach, 2 * reach + 1)
               from x in Enumerable.Range(-reach, 2 * reach + 1)
               orderby x * x + y * y, y, x
               select (x, y),
        ];
    }

    /// <summary>
    /// Lengths of the blocks' vectors in pixels, by rows of blocks. Blocks lie as far from the borders as a vector may reach: one that came from
    /// outside would match anywhere.
    /// </summary>
    public double[] Lengths(LumaPlane plane, LumaPlane before)
    {
        var (columns, rows) = ((plane.Width - 2 * _reach) / BlockSide, (plane.Height - 2 * _reach) / BlockSide);
        var lengths = new double[columns * rows];
        Parallel.For(0, rows, row =>
        {
            for (var column = 0; column < columns; column++)
            {
                var (x, y) = Find(plane, before, _reach + column * BlockSide, _reach + row * BlockSide);
                lengths[row * columns + column] = Math.Sqrt(x * x + y * y);
            }
        });
        return lengths;
    }

    private (int X, int Y) Find(LumaPlane plane, LumaPlane before, int left, int top)
    {
        var block = Rows(plane, left, top);
        var (best, least) = ((0, 0), int.MaxValue);
        foreach (var (x, y) in _vectors)
        {
            var difference = Difference(block, Rows(before, left + x, top + y));
            if (difference < least)
            {
                (best, least) = ((x, y), difference);
            }

            if (least == 0)
            {
                break;
            }
        }

        return best;
    }

    private static Vector512<byte> Rows(LumaPlane plane, int left, int top)
    {
        var at = top * plane.Width + left;
        ulong Row(int y) => BinaryPrimitives.ReadUInt64LittleEndian(plane.Levels.AsSpan(at + y * plane.Width));
        return Vector512.Create(Row(0), Row(1), Row(2), Row(3), Row(4), Row(5), Row(6), Row(7)).AsByte();
    }

    private static int Difference(Vector512<byte> a, Vector512<byte> b)
    {
        var (low, high) = Vector512.Widen(Vector512.Max(a, b) - Vector512.Min(a, b));
        // 64 differences of at most 255 fit in 16 bits.
        return Vector512.Sum(low + high);
    }
}
