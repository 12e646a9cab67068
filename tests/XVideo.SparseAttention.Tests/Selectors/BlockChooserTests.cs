using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Selectors;

public sealed class BlockChooserTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0.70, "1100")]
    [InlineData(0.80, "1100")]
    [InlineData(0.81, "1110")]
    [InlineData(0.50, "1000")]
    [InlineData(0.01, "1000")]
    [InlineData(1.00, "1111")]
    public void Choose_ByThreshold_KeepsUpToTheBlockThatReachesIt(double threshold, string kept)
    {
        // Tenths and fifths of 20, so that 0.8 is hit exactly.
        Assert.Equal(kept, Choose(new SelectionRule { Threshold = threshold }, 10, 6, 3, 1));
        Assert.Equal(new string([.. kept.Reverse()]), Choose(new SelectionRule { Threshold = threshold }, 1, 3, 6, 10));
    }

    [Fact]
    public void Choose_EqualScores_TakesTheLowerIndexFirst()
    {
        Assert.Equal("1100", Choose(new SelectionRule { Threshold = 0.5 }, 1, 1, 1, 1));
        Assert.Equal("0110", Choose(new SelectionRule { Threshold = 0.8 }, 0, 2, 2, 1));
    }

    [Fact]
    public void Choose_ThresholdOne_KeepsBlocksWithoutWeightToo() => Assert.Equal("1111", Choose(new SelectionRule { Threshold = 1 }, 1, 0, 0, 1e-30));

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(0, 0)]
    public void Choose_RowThatCannotBeRanked_KeepsEverything(double first, double second)
    {
        foreach (var rule in (SelectionRule[])[new() { Threshold = 0.1 }, new() { Threshold = null, Density = 0.25 }, new() { Threshold = 0.1, MaxBlocks = 1 }])
            Assert.Equal("1111", Choose(rule, first, second, 0, 0));
    }

    [Fact]
    public void Choose_NaNInOneRow_LeavesTheOthersAlone()
    {
        var layout = new BlockLayout(128, 256, 64);
        using var chooser = new BlockChooser(new SelectionRule { Threshold = 0.5 });
        var scores = tensor(new[] { double.NaN, 1, 1, 1, 9, 1, 1, 1 }).reshape(1, 1, 2, 4);
        Assert.Equal([4, 1], chooser.Choose(scores, layout).Counts.data<int>().ToArray());
    }

    [Fact]
    public void Choose_Bounds_ClampTheCount()
    {
        Assert.Equal("1110", Choose(new SelectionRule { Threshold = 0.1, MinBlocks = 3 }, 4, 3, 2, 1));
        Assert.Equal("1100", Choose(new SelectionRule { Threshold = 0.99, MaxBlocks = 2 }, 4, 3, 2, 1));
        Assert.Equal("1100", Choose(new SelectionRule { Threshold = 1, MaxBlocks = 2 }, 4, 3, 2, 1));
        Assert.Equal("1111", Choose(new SelectionRule { Threshold = 0.1, MinBlocks = 9 }, 4, 3, 2, 1));
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.25, 1)]
    [InlineData(0.375, 2)]
    [InlineData(0.5, 2)]
    [InlineData(1.0, 4)]
    public void Choose_ByDensity_KeepsThatManyWhateverTheirScores(double density, int expected)
    {
        Assert.Equal(expected, Choose(new SelectionRule { Density = density }, 100, 1, 1, 1).Count(kept => kept == '1'));
        Assert.Equal(expected, Choose(new SelectionRule { Density = density }, 1, 1, 1, 1).Count(kept => kept == '1'));
    }

    [Fact]
    public void Choose_KeepsFirstBlock_AddsBlock0()
    {
        Assert.Equal("0001", Choose(new SelectionRule { Threshold = 0.5 }, 1, 1, 1, 9));
        Assert.Equal("1001", Choose(new SelectionRule { Threshold = 0.5, KeepsFirstBlock = true }, 1, 1, 1, 9));
    }

    [Fact]
    public void Choose_ThresholdsPerHead_ApplyToTheirHead()
    {
        var layout = new BlockLayout(64, 256, 64);
        using var chooser = new BlockChooser(new SelectionRule { Threshold = new PerHead<double>([0.1, 0.8, 1]) });
        var scores = tensor([8.0, 4, 2, 0]).expand(2, 3, 1, 4);
        Assert.Equal([1, 2, 4, 1, 2, 4], chooser.Choose(scores, layout).Counts.data<int>().ToArray());
        var error = Assert.Throws<ArgumentException>(() => chooser.Choose(zeros([1, 2, 1, 4]), layout));
        Assert.Contains("thresholds for 3 heads", error.Message);
        Assert.Contains("2", error.Message);
    }

    [Fact]
    public void Choose_PinnedTokens_AreSeenByAllAndSeeAll()
    {
        // Tokens 190 to 209 touch blocks 2 and 3.
        var layout = new BlockLayout(320, 320, 64, new TokenRange(190, 20));
        using var chooser = new BlockChooser(new SelectionRule { Threshold = 0.1, MaxBlocks = 1 });
        var scores = tensor([9.0, 1, 1, 1, 1]).expand(1, 1, 5, 5);
        var mask = BlockLists.Mask(chooser.Choose(scores, layout));
        for (var i = 0; i < 5; i++)
            for (var j = 0; j < 5; j++) Assert.Equal(j is 0 or 2 or 3 || i is 2 or 3, mask[(i * 5) + j]);
    }

    [Fact]
    public void Choose_RandomScores_KeepTheSmallestPrefixThatReachesTheThreshold() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 100).Three()), dice =>
        {
            using var scope = NewDisposeScope();
            var (keyBlocks, threshold) = (1 + (dice.Item1 % 12), dice.Item2 / 100.0);
            var random = new Random(dice.Item3);
            var scores = Enumerable.Range(0, keyBlocks).Select(_ => (double)random.Next(0, 5)).ToArray();
            using var chooser = new BlockChooser(new SelectionRule { Threshold = threshold });
            var mask = BlockLists.Mask(chooser.Choose(tensor(scores).reshape(1, 1, 1, keyBlocks), new BlockLayout(64, 64 * keyBlocks, 64)));

            var total = scores.Sum();
            var expected = new bool[keyBlocks];
            var sum = 0.0;
            foreach (var block in Enumerable.Range(0, keyBlocks).OrderBy(block => -scores[block]).ThenBy(block => block))
            {
                expected[block] = sum < threshold * total || total == 0 || threshold == 1;
                sum += scores[block];
            }
            Assert.Equal(expected, mask);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Constructor_NumbersOutOfRange_AreRefusedWithTheirValue()
    {
        Assert.Contains("threshold is 0;", Refused(new SelectionRule { Threshold = 0 }));
        Assert.Contains("threshold is 1.5;", Refused(new SelectionRule { Threshold = new PerHead<double>([0.5, 1.5]) }));
        Assert.Contains("threshold is NaN;", Refused(new SelectionRule { Threshold = double.NaN }));
        Assert.Contains("density is 0;", Refused(new SelectionRule { Density = 0 }));
        Assert.Contains("neither", Refused(new SelectionRule { Threshold = null }));
        Assert.Contains("MinBlocks is 0;", Refused(new SelectionRule { MinBlocks = 0 }));
        Assert.Contains("MaxBlocks is 2;", Refused(new SelectionRule { MinBlocks = 3, MaxBlocks = 2 }));

        static string Refused(SelectionRule rule) => Assert.Throws<ArgumentException>("rule", () => new BlockChooser(rule)).Message;
    }

    /// <summary>The kept blocks of one row, as zeros and ones.</summary>
    private static string Choose(SelectionRule rule, params double[] scores)
    {
        using var scope = NewDisposeScope();
        using var chooser = new BlockChooser(rule);
        var list = chooser.Choose(tensor(scores).reshape(1, 1, 1, scores.Length), new BlockLayout(64, 64 * scores.Length, 64));
        return string.Concat(BlockLists.Mask(list).Select(kept => kept ? '1' : '0'));
    }
}
