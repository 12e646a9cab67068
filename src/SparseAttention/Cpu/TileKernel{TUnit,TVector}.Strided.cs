using System.Runtime.CompilerServices;

namespace XVideo.SparseAttention.Cpu;

internal sealed unsafe partial class TileKernel<TUnit, TVector>
{
    // Numbers of a strided row that are multiplied at a time: that much of a panel of queries stays in the first-level cache.
    private const int DepthAtOnce = 256;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void SumBlocks(StridedTile queries, StridedKeys keys, int slot)
    {
        var shape = queries.Shape;
        var panels = (queries.Count + Width - 1) / Width;
        for (var tile = 0; tile < shape.KeyTiles; tile++)
        {
            var count = shape.KeysIn(tile);
            for (var panel = 0; panel < panels; panel++)
            {
                MultiplyDeep(keys.Tile(slot, tile), count, shape.Depth, queries.Queries + panel * shape.Depth * Width, queries.Scores, queries.Ones);
                SumNumerators(
                    queries.Scores, count, shape.RowsPerBlock, queries.Maxima + (long)tile * Tile + panel * Width,
                    queries.Sums + (long)tile * shape.BlocksPerTile * Tile + panel * Width);
            }
        }
        for (var panel = 0; panel < panels; panel++) NormalizeSums(shape, queries.Maxima + panel * Width, queries.Sums + panel * Width);
    }

    private static void MultiplyDeep(float* packed, int rows, int depth, float* panel, float* target, float* ones)
    {
        for (var first = 0; first < depth; first += DepthAtOnce)
            Multiply(packed + first * Group, rows, depth, panel + first * Width, Math.Min(DepthAtOnce, depth - first), target, first == 0 ? null : ones);
    }

    /// <summary>Per query: the largest score, and for each block of keys the sum of 2^(score − largest).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumNumerators(float* scores, int count, int perBlock, float* maximum, float* sums)
    {
        var lanes = TUnit.Lanes;
        var largest0 = TUnit.Load(scores);
        var largest1 = TUnit.Load(scores + lanes);
        var end = scores + count * Width;
        for (var at = scores + Width; at < end; at += Width)
        {
            largest0 = TUnit.Max(largest0, TUnit.Load(at));
            largest1 = TUnit.Max(largest1, TUnit.Load(at + lanes));
        }
        TUnit.Store(maximum, largest0);
        TUnit.Store(maximum + lanes, largest1);

        for (var first = 0; first < count; first += perBlock, sums += Tile)
        {
            TVector sum0 = default, sum1 = default;
            var last = scores + Math.Min(first + perBlock, count) * Width;
            for (var at = scores + first * Width; at < last; at += Width)
            {
                sum0 = TUnit.Add(sum0, TUnit.Exp2(TUnit.Subtract(TUnit.Load(at), largest0)));
                sum1 = TUnit.Add(sum1, TUnit.Exp2(TUnit.Subtract(TUnit.Load(at + lanes), largest1)));
            }
            TUnit.Store(sums, sum0);
            TUnit.Store(sums + lanes, sum1);
        }
    }

    /// <summary>Brings the sums of all tiles to the true maximum of each query and divides them by their total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NormalizeSums(StridedShape shape, float* maxima, float* sums)
    {
        var blocks = shape.KeyBlocks;
        for (var lane = 0; lane < Width; lane += TUnit.Lanes)
        {
            var largest = TUnit.Load(maxima + lane);
            for (var tile = 1; tile < shape.KeyTiles; tile++) largest = TUnit.Max(largest, TUnit.Load(maxima + (long)tile * Tile + lane));
            TVector total = default;
            for (var tile = 0; tile < shape.KeyTiles; tile++)
            {
                var factor = TUnit.Exp2(TUnit.Subtract(TUnit.Load(maxima + (long)tile * Tile + lane), largest));
                var end = Math.Min((tile + 1) * shape.BlocksPerTile, blocks);
                for (var block = tile * shape.BlocksPerTile; block < end; block++)
                {
                    var sum = TUnit.Multiply(factor, TUnit.Load(sums + (long)block * Tile + lane));
                    total = TUnit.Add(total, sum);
                    TUnit.Store(sums + (long)block * Tile + lane, sum);
                }
            }
            for (var block = 0; block < blocks; block++)
            {
                var at = sums + (long)block * Tile + lane;
                TUnit.Store(at, TUnit.Divide(TUnit.Load(at), total));
            }
        }
    }
}
