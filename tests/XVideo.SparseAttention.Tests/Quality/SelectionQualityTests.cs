using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Quality;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using XVideo.SparseAttention.Tests.Cpu;
using XVideo.SparseAttention.Tests.Selectors;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Quality;

public sealed class SelectionQualityTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void LogSumExpDifference_512Tokens_IsTheExplicitWeightOfTheKeptKeys()
    {
        var (query, key) = (Normal(1, 1, 2, 512, 16) * 2, Normal(2, 1, 2, 512, 16));
        var blocks = BlockLists.Random(3, new BlockLayout(512, 512, 64), 1, 2, 0.4);
        var backend = new CpuBackend();
        var shares = (backend.Forward(query, key, key, blocks, wantsLogSumExp: true).LogSumExp! - backend.Forward(query, key, key, wantsLogSumExp: true).LogSumExp!).exp();
        AssertEqual(KeptWeight(query, key, blocks), AttentionReference.Numbers(shares), 1e-5);
    }

    [Theory]
    [InlineData(512, 512, 16)]
    [InlineData(300, 300, 12)]
    [InlineData(100, 333, 8)]
    public void Measure_Recall_IsTheExplicitWeightOverRows(int queries, int keys, int headDim)
    {
        var (query, key, value) = (Normal(1, 2, 3, queries, headDim) * 2, Normal(2, 2, 3, keys, headDim), Normal(3, 2, 3, keys, headDim));
        var blocks = BlockLists.Random(5, new BlockLayout(queries, keys, 64), 2, 3, 0.5);
        var weight = KeptWeight(query, key, blocks);
        var quality = SelectionQuality.Measure(query, key, value, blocks);
        Assert.Equal(weight.Average(), quality.Recall, 1e-5);
        Assert.Equal(weight.Min(), quality.RecallMin, 1e-5);
        var sorted = weight.Order().ToArray();
        var place = 0.01 * (sorted.Length - 1);
        Assert.Equal(sorted[(int)place] + ((sorted[(int)place + 1] - sorted[(int)place]) * (place - (int)place)), quality.RecallP1, 1e-5);
        Assert.Equal(blocks.Density(), quality.Density, 1e-12);
        Assert.Equal(6, quality.Heads.Count);
        foreach (var (head, rows) in quality.Heads.Zip(weight.Chunk(queries))) Assert.Equal(rows.Average(), head.Recall, 1e-5);
    }

    [Fact]
    public void Measure_BestChoiceBySortingExactMass_IsTheOracleRecall()
    {
        var (query, key) = (Normal(1, 1, 2, 500, 16) * 2, Normal(2, 1, 2, 500, 16));
        var layout = new BlockLayout(500, 500, 64);
        var blocks = BlockLists.Random(5, layout, 1, 2, 0.4);
        var counts = blocks.Counts.data<int>().ToArray();
        var mass = AttentionReference.Numbers(BlockMass.Compute(query.@double(), key.@double(), layout));
        var best = mass.Chunk(layout.KeyBlocks).Zip(counts).Sum(row => row.First.OrderDescending().Take(row.Second).Sum()) / (2 * 500);
        Assert.Equal(best, SelectionQuality.Measure(query, key, key, blocks).OracleRecall, 1e-6);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(12)]
    public void Measure_AllBlocks_LosesNothing(int headDim)
    {
        var (query, key, value) = (Normal(1, 1, 2, 300, headDim), Normal(2, 1, 2, 300, headDim), Normal(3, 1, 2, 300, headDim));
        using var selector = new XAttentionSelector(new XAttentionSettings { Rule = new SelectionRule { Threshold = 1 } });
        var quality = SelectionQuality.Measure(query, key, value, selector.Select(Contexts.Of(query, key, new BlockLayout(300, 300, 64))));
        Assert.Equal((1, 1), (quality.Density, Math.Round(quality.OracleRecall, 5)));
        Assert.InRange(quality.RecallMin, 1 - 1e-5, 1);
        Assert.InRange(quality.Recall, quality.RecallP1, 1);
        Assert.InRange(quality.Error.RelativeL1, 0, 1e-6);
        Assert.InRange(quality.Error.MaxAbs, 0, 1e-5);
        Assert.Equal(1, quality.Error.Cosine, 1e-9);
    }

    [Fact]
    public void Measure_AnySelectorOnAnyInputs_NeverRecallsMoreThanTheOracle() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 10_000).Four()), dice =>
        {
            using var scope = NewDisposeScope();
            var grid = new TokenGrid(1 + (dice.Item1 % 4), 5, 1 + (dice.Item1 / 4 % 25));
            var sharpness = dice.Item2 % 5;
            var (query, key, value) = (Normal(dice.Item2, 1, 2, grid.Tokens, 16) * sharpness, Normal(dice.Item3, 1, 2, grid.Tokens, 16), Normal(7, 1, 2, grid.Tokens, 16));
            using var selector = Selector(dice.Item4 % 5, (1 + (dice.Item4 / 5 % 99)) / 100.0);
            var blocks = selector.Select(Contexts.Of(query, key, new BlockLayout(grid.Tokens, grid.Tokens, 64), grid: grid));
            var quality = SelectionQuality.Measure(query, key, value, blocks);
            Assert.InRange(quality.Recall, 0, quality.OracleRecall + 1e-5);
            Assert.All(quality.Heads, head => Assert.InRange(head.Recall, 0, head.OracleRecall + 1e-5));
            if (selector is OracleSelector) Assert.Equal(quality.OracleRecall, quality.Recall, 1e-5);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Measure_CaseByHand_HasTheErrorsOfTheFormulas()
    {
        // All keys weigh the same. Values are 1 in block 0 and 3 in block 1, so the exact output is 2; queries of block 0 see block 0 only, and get 1.
        var (zero, value) = (zeros([1, 1, 128, 8]), cat([full([1, 1, 64, 8], 1f), full([1, 1, 64, 8], 3f)], 2));
        var quality = SelectionQuality.Measure(zero, zero, value, BlockLists.Raw(new BlockLayout(128, 128, 64), [1, 2], [0], [0, 1]));
        Assert.Equal(0.75, quality.Density);
        Assert.Equal([0.75, 0.5, 0.5, 0.75], [quality.Recall, quality.RecallMin, quality.RecallP1, quality.OracleRecall], Near);
        Assert.Equal(
            [64 / 256.0, Math.Sqrt(64 / 512.0), Math.Sqrt(0.5), 1, 384 / Math.Sqrt(320.0 * 512)],
            [quality.Error.RelativeL1, quality.Error.RelativeL2, quality.Error.Rmse, quality.Error.MaxAbs, quality.Error.Cosine], Near);
        Assert.Equal(quality.Error, quality.HeadError);
    }

    [Fact]
    public void Measure_TwoHeads_AreAddedUpAsOneVectorAndAveraged()
    {
        // As above; the second head sees everything, and its values are three times as large.
        var zero = zeros([1, 2, 128, 8]);
        var head = cat([full([1, 1, 64, 8], 1f), full([1, 1, 64, 8], 3f)], 2);
        var blocks = BlockLists.FromPredicate(new BlockLayout(128, 128, 64), 1, 2, (_, n, i, j) => n == 1 || i == 1 || j == 0);
        var quality = SelectionQuality.Measure(zero, zero, cat([head, head * 3], 1), blocks);
        Assert.Equal([0.75, 1], quality.Heads.Select(one => one.Density));
        Assert.Equal([0.25, 0], quality.Heads.Select(one => one.Error.RelativeL1), Near);
        Assert.Equal(64 / (256.0 + 768), quality.Error.RelativeL1, 1e-6);
        Assert.Equal(0.125, quality.HeadError.RelativeL1, 1e-6);
        Assert.Equal(Math.Sqrt(64.0 / (512 + 4608)), quality.Error.RelativeL2, 1e-6);
        Assert.Equal((1 + (384 / Math.Sqrt(320.0 * 512))) / 2, quality.HeadError.Cosine, 1e-6);
        // Squares are averaged before the root in the one, after it in the other.
        Assert.Equal([0.5, Math.Sqrt(0.5) / 2, 1], [quality.Error.Rmse, quality.HeadError.Rmse, quality.HeadError.MaxAbs], Near);
    }

    [Fact]
    public void Measure_NothingToLose_IsNoError_AndSomethingFromNothingIsInfinite()
    {
        var (zero, layout) = (zeros([1, 1, 128, 8]), new BlockLayout(128, 128, 64));
        var one = BlockLists.Raw(layout, [1, 1], [0], [0]);
        Assert.Equal(default, SelectionQuality.Measure(zero, zero, zero, one).Error);
        var cancelling = SelectionQuality.Measure(zero, zero, cat([full([1, 1, 64, 8], 1f), full([1, 1, 64, 8], -1f)], 2), one).Error;
        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity, 1.0, 0.0), (cancelling.RelativeL1, cancelling.RelativeL2, cancelling.MaxAbs, cancelling.Cosine));
    }

    [Fact]
    public void Measure_RowsThatKeepNothing_RecallNothing()
    {
        var x = Normal(1, 1, 1, 128, 8);
        var quality = SelectionQuality.Measure(x, x, x, BlockLists.Raw(new BlockLayout(128, 128, 64), [0, 0], [], []));
        Assert.Equal((0, 0, 0, 0), (quality.Density, quality.Recall, quality.RecallMin, quality.OracleRecall));
        Assert.Equal((1, 0), (Math.Round(quality.Error.RelativeL2, 12), quality.Error.Cosine));
    }

    [Fact]
    public void Measure_NotANumber_StaysVisible()
    {
        var (query, key) = (Normal(1, 1, 1, 128, 8), Normal(2, 1, 1, 128, 8));
        query.narrow(2, 3, 1).fill_(double.NaN);
        var quality = SelectionQuality.Measure(query, key, key, BlockLists.Raw(new BlockLayout(128, 128, 64), [1, 1], [0], [0]));
        Assert.All([quality.Recall, quality.RecallP1, quality.RecallMin, quality.Error.RelativeL1, quality.HeadError.Cosine], value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public void Measure_BFloat16_IsMeasuredInFloat32()
    {
        var (query, key, value) = (Normal(1, 1, 2, 256, 16), Normal(2, 1, 2, 256, 16), Normal(3, 1, 2, 256, 16));
        var (q, k, v) = (query.to(ScalarType.BFloat16), key.to(ScalarType.BFloat16), value.to(ScalarType.BFloat16));
        var blocks = BlockLists.Random(5, new BlockLayout(256, 256, 64), 1, 2, 0.5);
        var same = SelectionQuality.Measure(q.to(ScalarType.Float32), k.to(ScalarType.Float32), v.to(ScalarType.Float32), blocks);
        var quality = SelectionQuality.Measure(q, k, v, blocks);
        Assert.Equal((same.Recall, same.OracleRecall, same.Error), (quality.Recall, quality.OracleRecall, quality.Error));
    }

    [Fact]
    public void Measure_WhatDoesNotFit_IsRefusedWithBothSides()
    {
        var x = Normal(1, 1, 2, 128, 8);
        using var exact = new FullAttention(x, x, x);
        Assert.Contains("Sq=192", Assert.Throws<ArgumentException>(() => exact.Measure(BlockList.All(new BlockLayout(192, 128, 64)))).Message);
        Assert.Contains("Sq=128", Assert.Throws<ArgumentException>(() => exact.Measure(BlockList.All(new BlockLayout(192, 128, 64)))).Message);
        Assert.Contains("[1, 2, 0, 8]", Assert.Throws<ArgumentException>("query", () => new FullAttention(zeros([1, 2, 0, 8]), x, x)).Message);
        Assert.Contains("[1, 2, 64, 8]", Assert.Throws<ArgumentException>("value", () => new FullAttention(x, x, x.narrow(2, 0, 64))).Message);
    }

    private static IBlockSelector Selector(int method, double share) => method switch
    {
        0 => new XAttentionSelector(new XAttentionSettings { Stride = 4, Rule = new SelectionRule { Threshold = share } }),
        1 => new OracleSelector(new SelectionRule { Threshold = share }),
        2 => new RandomSelector(share, 11),
        3 => new SlidingWindowSelector(new TokenWindow(2, 4, 4), share),
        _ => new OracleSelector(new SelectionRule { Threshold = null, Density = share }),
    };

    // [B·N·Sq] float64: the softmax by its definition, added up over listed keys.
    private static double[] KeptWeight(Tensor query, Tensor key, BlockList blocks)
    {
        var layout = blocks.Layout;
        var weights = AttentionReference.Numbers((query.@double().matmul(key.@double().transpose(2, 3)) / Math.Sqrt(query.size(3))).softmax(-1));
        var (mask, queries, keys) = (BlockLists.Mask(blocks), layout.QueryTokens, layout.KeyTokens);
        var kept = new double[weights.Length / keys];
        for (var at = 0; at < weights.Length; at++)
        {
            var (head, q, k) = (at / keys / queries, at / keys % queries, at % keys);
            if (mask[(((head * layout.QueryBlocks) + (q / layout.BlockSize)) * layout.KeyBlocks) + (k / layout.BlockSize)]) kept[at / keys] += weights[at];
        }
        return kept;
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;

    private static void AssertEqual(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var at = 0; at < expected.Length; at++) Assert.Equal(expected[at], actual[at], tolerance);
    }
}
