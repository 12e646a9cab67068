using System.Runtime.CompilerServices;

namespace XVideo.SparseAttention.Cpu;

/// <summary>The tile kernel over one vector unit.</summary>
/// <remarks>
/// Both products are the same operation: groups of 8 broadcast numbers (8 keys, or 8 channels of the values) times a panel of queries in two
/// registers, that is 16 accumulators fed by 10 loads per 16 multiply-adds.
/// Source: online softmax after Dao et al. 2022 (arXiv 2205.14135), Algorithm 1.
/// </remarks>
internal sealed unsafe partial class TileKernel<TUnit, TVector> : TileKernel
    where TUnit : struct, IVectorUnit<TVector>
    where TVector : unmanaged
{
    public override string Name => TUnit.Name;

    public override int PanelWidth => Width;

    private static int Width => 2 * TUnit.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Attend(QueryTile queries, in KeyTiles keys, ReadOnlySpan<int> tiles)
    {
        var dimension = keys.Dimension;
        var panels = (queries.Count + Width - 1) / Width;
        new Span<float>(queries.Output, panels * dimension * Width).Clear();
        // A finite start: with −∞ the first correction would be −∞ − (−∞) when a whole tile scores −∞.
        new Span<float>(queries.Maximum, Tile).Fill(float.MinValue);
        new Span<float>(queries.Sum, Tile).Clear();

        foreach (var tile in tiles)
        {
            var count = keys.Count(tile);
            for (var panel = 0; panel < panels; panel++)
            {
                Multiply(keys.Keys(tile), count, dimension, queries.Queries + panel * dimension * Width, dimension, queries.Scores, null);
                Normalize(queries.Scores, count, queries.Maximum + panel * Width, queries.Sum + panel * Width, queries.Correction);
                Multiply(keys.Values(tile), dimension, Tile, queries.Scores, count, queries.Output + panel * dimension * Width, queries.Correction);
            }
        }

        if (tiles.IsEmpty) return;
        for (var panel = 0; panel < panels; panel++) Divide(queries.Output + panel * dimension * Width, dimension, queries.Sum + panel * Width);
    }

    /// <summary>target [rows][width] = target · correction + rows · panel: scores from keys and queries, or output from values and numerators.</summary>
    /// <param name="packed">The broadcast side, groups of 8 rows interleaved.</param>
    /// <param name="rows">Keys, or channels of the values.</param>
    /// <param name="stride">Numbers of a row in <paramref name="packed"/>, at least <paramref name="count"/>.</param>
    /// <param name="panel">[count][width].</param>
    /// <param name="count">Numbers that are multiplied and summed: channels, or keys.</param>
    /// <param name="target">[rows][width].</param>
    /// <param name="correction">Null overwrites the target.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* packed, int rows, int stride, float* panel, int count, float* target, float* correction)
    {
        for (var row = 0; row < rows; row += Group)
        {
            var group = packed + row * stride;
            if (TUnit.HasManyRegisters)
            {
                Multiply8(group, panel, count, target + row * Width, correction);
            }
            else
            {
                Multiply4(group, panel, count, target + row * Width, correction);
                Multiply4(group + 4, panel, count, target + (row + 4) * Width, correction);
            }
        }
    }

    /// <summary>
    /// Turns scores into softmax numerators relative to the new maximum, and updates maximum, sum and correction.
    /// A NaN score makes the sum of its query NaN for good.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize(float* scores, int count, float* maximum, float* sum, float* correction)
    {
        var lanes = TUnit.Lanes;
        var before0 = TUnit.Load(maximum);
        var before1 = TUnit.Load(maximum + lanes);
        TVector even0 = before0, even1 = before1, odd0 = before0, odd1 = before1;
        var end = scores + (count & ~1) * Width;
        var at = scores;
        for (; at < end; at += 2 * Width)
        {
            even0 = TUnit.Max(even0, TUnit.Load(at));
            even1 = TUnit.Max(even1, TUnit.Load(at + lanes));
            odd0 = TUnit.Max(odd0, TUnit.Load(at + Width));
            odd1 = TUnit.Max(odd1, TUnit.Load(at + Width + lanes));
        }
        end = scores + count * Width;
        if (at < end)
        {
            even0 = TUnit.Max(even0, TUnit.Load(at));
            even1 = TUnit.Max(even1, TUnit.Load(at + lanes));
        }
        var after0 = TUnit.Max(even0, odd0);
        var after1 = TUnit.Max(even1, odd1);
        TUnit.Store(maximum, after0);
        TUnit.Store(maximum + lanes, after1);

        var correction0 = TUnit.Exp2(TUnit.Subtract(before0, after0));
        var correction1 = TUnit.Exp2(TUnit.Subtract(before1, after1));
        TUnit.Store(correction, correction0);
        TUnit.Store(correction + lanes, correction1);
        var sum0 = TUnit.Multiply(TUnit.Load(sum), correction0);
        var sum1 = TUnit.Multiply(TUnit.Load(sum + lanes), correction1);
        for (at = scores; at < end; at += Width)
        {
            var p0 = TUnit.Exp2(TUnit.Subtract(TUnit.Load(at), after0));
            var p1 = TUnit.Exp2(TUnit.Subtract(TUnit.Load(at + lanes), after1));
            sum0 = TUnit.Add(sum0, p0);
            sum1 = TUnit.Add(sum1, p1);
            TUnit.Store(at, p0);
            TUnit.Store(at + lanes, p1);
        }
        TUnit.Store(sum, sum0);
        TUnit.Store(sum + lanes, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(float* output, int dimension, float* sum)
    {
        var sum0 = TUnit.Load(sum);
        var sum1 = TUnit.Load(sum + TUnit.Lanes);
        for (var row = output; row < output + dimension * Width; row += Width)
        {
            TUnit.Store(row, TUnit.Divide(TUnit.Load(row), sum0));
            TUnit.Store(row + TUnit.Lanes, TUnit.Divide(TUnit.Load(row + TUnit.Lanes), sum1));
        }
    }

    /// <summary>target [8][width] = (target · correction, or 0) + Σ over count of broadcast [count][8] times lanes [count][width].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply8(float* broadcast, float* lanes, int count, float* target, float* correction)
    {
        TVector a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1;
        var second = TUnit.Lanes;
        if (correction == null)
        {
            a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = e0 = e1 = f0 = f1 = g0 = g1 = h0 = h1 = default;
        }
        else
        {
            var correction0 = TUnit.Load(correction);
            var correction1 = TUnit.Load(correction + second);
            a0 = TUnit.Multiply(correction0, TUnit.Load(target));
            a1 = TUnit.Multiply(correction1, TUnit.Load(target + second));
            b0 = TUnit.Multiply(correction0, TUnit.Load(target + Width));
            b1 = TUnit.Multiply(correction1, TUnit.Load(target + Width + second));
            c0 = TUnit.Multiply(correction0, TUnit.Load(target + 2 * Width));
            c1 = TUnit.Multiply(correction1, TUnit.Load(target + 2 * Width + second));
            d0 = TUnit.Multiply(correction0, TUnit.Load(target + 3 * Width));
            d1 = TUnit.Multiply(correction1, TUnit.Load(target + 3 * Width + second));
            e0 = TUnit.Multiply(correction0, TUnit.Load(target + 4 * Width));
            e1 = TUnit.Multiply(correction1, TUnit.Load(target + 4 * Width + second));
            f0 = TUnit.Multiply(correction0, TUnit.Load(target + 5 * Width));
            f1 = TUnit.Multiply(correction1, TUnit.Load(target + 5 * Width + second));
            g0 = TUnit.Multiply(correction0, TUnit.Load(target + 6 * Width));
            g1 = TUnit.Multiply(correction1, TUnit.Load(target + 6 * Width + second));
            h0 = TUnit.Multiply(correction0, TUnit.Load(target + 7 * Width));
            h1 = TUnit.Multiply(correction1, TUnit.Load(target + 7 * Width + second));
        }

        for (var end = broadcast + count * Group; broadcast < end; broadcast += Group, lanes += Width)
        {
            var x0 = TUnit.Load(lanes);
            var x1 = TUnit.Load(lanes + second);
            var row = TUnit.Broadcast(broadcast[0]);
            a0 = TUnit.MultiplyAdd(row, x0, a0);
            a1 = TUnit.MultiplyAdd(row, x1, a1);
            row = TUnit.Broadcast(broadcast[1]);
            b0 = TUnit.MultiplyAdd(row, x0, b0);
            b1 = TUnit.MultiplyAdd(row, x1, b1);
            row = TUnit.Broadcast(broadcast[2]);
            c0 = TUnit.MultiplyAdd(row, x0, c0);
            c1 = TUnit.MultiplyAdd(row, x1, c1);
            row = TUnit.Broadcast(broadcast[3]);
            d0 = TUnit.MultiplyAdd(row, x0, d0);
            d1 = TUnit.MultiplyAdd(row, x1, d1);
            row = TUnit.Broadcast(broadcast[4]);
            e0 = TUnit.MultiplyAdd(row, x0, e0);
            e1 = TUnit.MultiplyAdd(row, x1, e1);
            row = TUnit.Broadcast(broadcast[5]);
            f0 = TUnit.MultiplyAdd(row, x0, f0);
            f1 = TUnit.MultiplyAdd(row, x1, f1);
            row = TUnit.Broadcast(broadcast[6]);
            g0 = TUnit.MultiplyAdd(row, x0, g0);
            g1 = TUnit.MultiplyAdd(row, x1, g1);
            row = TUnit.Broadcast(broadcast[7]);
            h0 = TUnit.MultiplyAdd(row, x0, h0);
            h1 = TUnit.MultiplyAdd(row, x1, h1);
        }

        TUnit.Store(target, a0);
        TUnit.Store(target + second, a1);
        TUnit.Store(target + Width, b0);
        TUnit.Store(target + Width + second, b1);
        TUnit.Store(target + 2 * Width, c0);
        TUnit.Store(target + 2 * Width + second, c1);
        TUnit.Store(target + 3 * Width, d0);
        TUnit.Store(target + 3 * Width + second, d1);
        TUnit.Store(target + 4 * Width, e0);
        TUnit.Store(target + 4 * Width + second, e1);
        TUnit.Store(target + 5 * Width, f0);
        TUnit.Store(target + 5 * Width + second, f1);
        TUnit.Store(target + 6 * Width, g0);
        TUnit.Store(target + 6 * Width + second, g1);
        TUnit.Store(target + 7 * Width, h0);
        TUnit.Store(target + 7 * Width + second, h1);
    }

    /// <summary>The same for 4 of the 8 broadcast numbers, where there are only 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4(float* broadcast, float* lanes, int count, float* target, float* correction)
    {
        TVector a0, a1, b0, b1, c0, c1, d0, d1;
        var second = TUnit.Lanes;
        if (correction == null)
        {
            a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = default;
        }
        else
        {
            var correction0 = TUnit.Load(correction);
            var correction1 = TUnit.Load(correction + second);
            a0 = TUnit.Multiply(correction0, TUnit.Load(target));
            a1 = TUnit.Multiply(correction1, TUnit.Load(target + second));
            b0 = TUnit.Multiply(correction0, TUnit.Load(target + Width));
            b1 = TUnit.Multiply(correction1, TUnit.Load(target + Width + second));
            c0 = TUnit.Multiply(correction0, TUnit.Load(target + 2 * Width));
            c1 = TUnit.Multiply(correction1, TUnit.Load(target + 2 * Width + second));
            d0 = TUnit.Multiply(correction0, TUnit.Load(target + 3 * Width));
            d1 = TUnit.Multiply(correction1, TUnit.Load(target + 3 * Width + second));
        }

        for (var end = broadcast + count * Group; broadcast < end; broadcast += Group, lanes += Width)
        {
            var x0 = TUnit.Load(lanes);
            var x1 = TUnit.Load(lanes + second);
            var row = TUnit.Broadcast(broadcast[0]);
            a0 = TUnit.MultiplyAdd(row, x0, a0);
            a1 = TUnit.MultiplyAdd(row, x1, a1);
            row = TUnit.Broadcast(broadcast[1]);
            b0 = TUnit.MultiplyAdd(row, x0, b0);
            b1 = TUnit.MultiplyAdd(row, x1, b1);
            row = TUnit.Broadcast(broadcast[2]);
            c0 = TUnit.MultiplyAdd(row, x0, c0);
            c1 = TUnit.MultiplyAdd(row, x1, c1);
            row = TUnit.Broadcast(broadcast[3]);
            d0 = TUnit.MultiplyAdd(row, x0, d0);
            d1 = TUnit.MultiplyAdd(row, x1, d1);
        }

        TUnit.Store(target, a0);
        TUnit.Store(target + second, a1);
        TUnit.Store(target + Width, b0);
        TUnit.Store(target + Width + second, b1);
        TUnit.Store(target + 2 * Width, c0);
        TUnit.Store(target + 2 * Width + second, c1);
        TUnit.Store(target + 3 * Width, d0);
        TUnit.Store(target + 3 * Width + second, d1);
    }
}
