using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Selectors;

public sealed class SlidingWindowSelectorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Select_AnyGridAndWindow_IsTheDefinitionOverTokens() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 1000).Four()), dice =>
        {
            using var scope = NewDisposeScope();
            var grid = new TokenGrid(1 + (dice.Item1 % 5), 1 + (dice.Item1 / 5 % 9), 1 + (dice.Item2 % 17));
            var window = new TokenWindow(dice.Item3 % 3, dice.Item3 / 3 % 4, dice.Item4 % 7);
            var text = dice.Item4 / 7 % 3 * 20;
            var tokens = grid.Tokens + text;
            var layout = new BlockLayout(tokens, tokens, 64, text > 0 ? new TokenRange(grid.Tokens, text) : default);
            using var selector = new SlidingWindowSelector(window);
            Assert.Equal(Definition(layout, grid, window), BlockLists.Mask(Select(selector, layout, grid)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Select_WindowAsLargeAsTheGrid_KeepsEverything()
    {
        var grid = new TokenGrid(3, 10, 12);
        using var selector = new SlidingWindowSelector(new TokenWindow(2, 9, 11));
        Assert.Equal(1, Select(selector, new BlockLayout(360, 360, 128), grid).Density());
    }

    [Fact]
    public void Select_FramesThatFillBlocks_SeeTheirNeighboursOnly()
    {
        // A frame of 8 × 8 tokens is one block.
        var grid = new TokenGrid(6, 8, 8);
        using var selector = new SlidingWindowSelector(new TokenWindow(1, 0, 0));
        Assert.True(selector.IsStatic);
        var list = Select(selector, new BlockLayout(384, 384, 64), grid);
        Assert.Equal([1, 1, 6], list.Counts.shape);
        Assert.Equal([2, 3, 3, 3, 3, 2], list.Counts.data<int>().ToArray());
    }

    [Fact]
    public void Select_Twice_GivesListsThatAreDisposedApart()
    {
        var (layout, grid) = (new BlockLayout(128, 128, 64), new TokenGrid(2, 8, 8));
        using var selector = new SlidingWindowSelector(new TokenWindow(0, 1, 1));
        Select(selector, layout, grid).Dispose();
        Assert.Equal([1, 1], Select(selector, layout, grid).Counts.data<int>().ToArray());
    }

    [Fact]
    public void Select_TokensThatDoNotFitTheGrid_AreRefusedWithBoth()
    {
        using var selector = new SlidingWindowSelector(new TokenWindow(1, 1, 1));
        var error = Assert.Throws<ArgumentException>("context", () => Select(selector, new BlockLayout(100, 100, 64), new TokenGrid(2, 8, 8)));
        Assert.Contains("2×8×8", error.Message);
        Assert.Contains("Sq=100", error.Message);
        Assert.Throws<ArgumentException>("context", () => Select(selector, new BlockLayout(128, 256, 64), new TokenGrid(2, 8, 8)));
        Assert.Throws<ArgumentException>("window", () => new SlidingWindowSelector(new TokenWindow(1, -1, 1)));
    }

    private static BlockList Select(SlidingWindowSelector selector, BlockLayout layout, TokenGrid grid)
    {
        var (query, key) = (zeros([1, 1, layout.QueryTokens, 8]), zeros([1, 1, layout.KeyTokens, 8]));
        return selector.Select(Contexts.Of(query, key, layout, grid: grid));
    }

    private static bool[] Definition(BlockLayout layout, TokenGrid grid, TokenWindow window)
    {
        var blocks = layout.KeyBlocks;
        var mask = new bool[blocks * blocks];
        for (var q = 0; q < layout.QueryTokens; q++)
            for (var k = 0; k < layout.KeyTokens; k++)
                mask[(q / layout.BlockSize * blocks) + (k / layout.BlockSize)] |= q >= grid.Tokens || k >= grid.Tokens || Sees(Place(q), Place(k));
        return mask;

        (int Frame, int Row, int Column) Place(int token) => (token / grid.Columns / grid.Rows, token / grid.Columns % grid.Rows, token % grid.Columns);

        bool Sees((int Frame, int Row, int Column) q, (int Frame, int Row, int Column) k) =>
            Math.Abs(q.Frame - k.Frame) <= window.Frames && Math.Abs(q.Row - k.Row) <= window.Rows && Math.Abs(q.Column - k.Column) <= window.Columns;
    }
}
