using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Selectors;

/// <summary>The sliding window that keeps the nearest blocks up to a density.</summary>
public sealed class WindowDensityTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Select_AnyGridWindowAndDensity_KeepsTheNearestBlocksAndExactlySoMany() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 1000).Four()), dice =>
        {
            using var scope = NewDisposeScope();
            var grid = new TokenGrid(1 + (dice.Item1 % 5), 1 + (dice.Item1 / 5 % 9), 1 + (dice.Item2 % 17));
            var window = new TokenWindow(dice.Item3 % 3, dice.Item3 / 3 % 4, dice.Item3 / 12 % 7);
            var density = (1 + dice.Item4) / 1001.0;
            var layout = new BlockLayout(grid.Tokens, grid.Tokens, 64);
            var list = Select(new SlidingWindowSelector(window, density), layout, grid);
            var (mask, counts, distances) = (BlockLists.Mask(list), list.Counts.data<int>().ToArray(), Distances(layout, grid, window));
            var blocks = layout.KeyBlocks;
            Assert.Equal(Math.Max(blocks, (int)Math.Round(density * blocks * blocks, MidpointRounding.AwayFromZero)), counts.Sum());
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
            for (var row = 0; row < blocks; row++)
            {
                var kept = Enumerable.Range(row * blocks, blocks).ToLookup(pair => mask[pair], pair => distances[pair]);
                if (kept[false].Any()) Assert.InRange(kept[true].Max(), 0, kept[false].Min());
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Select_AsManyBlocksAsTheBoxHas_IsTheBox()
    {
        // A frame of 8 × 8 tokens is one block, and rows of a video without ends would all have three.
        var (grid, layout) = (new TokenGrid(6, 8, 8), new BlockLayout(384, 384, 64));
        var box = BlockLists.Mask(Select(new SlidingWindowSelector(new TokenWindow(1, 4, 4)), layout, grid));
        var near = BlockLists.Mask(Select(new SlidingWindowSelector(new TokenWindow(1, 4, 4), 0.5), layout, grid));
        Assert.Equal(box[6..30], near[6..30]);
        Assert.Equal([true, true, true, false, false, false], near[..6]);
        Assert.Equal([false, false, false, true, true, true], near[30..]);
    }

    [Fact]
    public void Select_BlocksEquallyNear_TakesTheMiddlesNearerFirstThenTheLowerIndex()
    {
        // Two blocks a frame: the upper and the lower half. Along time all steps are equal, so what differs is the half.
        var (grid, layout) = (new TokenGrid(3, 16, 8), new BlockLayout(384, 384, 64));
        var one = BlockLists.Mask(Select(new SlidingWindowSelector(new TokenWindow(2, 4, 4), 2.0 / 6), layout, grid));
        // The upper half of frame 1: its own lower half touches at a quarter, the upper halves of frames 0 and 2 are half a unit away.
        Assert.Equal([false, false, true, true, false, false], one[12..18]);
        var two = BlockLists.Mask(Select(new SlidingWindowSelector(new TokenWindow(2, 4, 4), 3.0 / 6), layout, grid));
        Assert.Equal([true, false, true, true, false, false], two[12..18]);
    }

    [Fact]
    public void Select_DensityAHead_KeepsEachHeadsOwn()
    {
        var (grid, layout) = (new TokenGrid(5, 8, 16), new BlockLayout(640, 640, 64));
        var list = Select(new SlidingWindowSelector(new TokenWindow(2, 4, 4), new PerHead<double>([0.1, 0.55, 1])), layout, grid);
        Assert.Equal([1, 3, 10], list.Counts.shape);
        Assert.Equal([10, 55, 100], list.Counts.data<int>().ToArray().Chunk(10).Select(head => head.Sum()));
        var mask = BlockLists.Mask(list);
        // Of one block a row, the nearest is the row's own.
        Assert.Equal(Enumerable.Range(0, 10).SelectMany(row => Enumerable.Range(0, 10).Select(block => row == block)), mask[..100]);
    }

    [Fact]
    public void Select_TokensOfNoPlace_AreKeptOnTop()
    {
        var (grid, layout) = (new TokenGrid(4, 8, 8), new BlockLayout(300, 300, 64));
        var mask = BlockLists.Mask(Select(new SlidingWindowSelector(new TokenWindow(1, 1, 1), 0.2), layout, grid));
        Assert.Equal([true, false, false, false, true, false, true, false, false, true, false, false, true, false, true, false, false, false, true, true, true, true, true, true, true], mask);
    }

    [Fact]
    public void Create_ImpossibleDensity_NamesIt() =>
        Assert.Contains("density is 1.5", Assert.Throws<ArgumentException>("density", () => new SlidingWindowSelector(new TokenWindow(2, 4, 4), 1.5)).Message);

    private static BlockList Select(SlidingWindowSelector selector, BlockLayout layout, TokenGrid grid)
    {
        var x = zeros([1, 1, layout.QueryTokens, 8]);
        return selector.Select(Contexts.Of(x, x, layout, grid: grid));
    }

    // Over all pairs of tokens: the window is a cube of half side 1, and nothing else lies within it on an axis where its side is 0.
    private static double[] Distances(BlockLayout layout, TokenGrid grid, TokenWindow window)
    {
        var blocks = layout.KeyBlocks;
        var distances = Enumerable.Repeat(double.PositiveInfinity, blocks * blocks).ToArray();
        for (var q = 0; q < grid.Tokens; q++)
        {
            for (var k = 0; k < grid.Tokens; k++)
            {
                ref var least = ref distances[(q / layout.BlockSize * blocks) + (k / layout.BlockSize)];
                var ((qt, qy, qx), (kt, ky, kx)) = (Place(q), Place(k));
                least = Math.Min(least, Math.Max(Axis(qt - kt, window.Frames), Math.Max(Axis(qy - ky, window.Rows), Axis(qx - kx, window.Columns))));
            }
        }
        return distances;

        (int Frame, int Row, int Column) Place(int token) => (token / grid.Columns / grid.Rows, token / grid.Columns % grid.Rows, token % grid.Columns);

        static double Axis(int difference, int side) => side == 0 ? 2 * Math.Abs(difference) : Math.Abs(difference) / (double)side;
    }
}
