using TorchSharp;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using XVideo.SparseAttention.Tests.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Selectors.XAttention;

public sealed class XAttentionSelectorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int, string> GoldenMasks
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var stride in XAttentionSettings.Strides)
                foreach (var threshold in (string[])["0.8", "0.9", "0.95"]) data.Add(stride, threshold);
            return data;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(GoldenMasks))]
    public void Select_GoldenOfThePublishedCode_IsTheSameMask(int stride, string threshold)
    {
        // The published code always keeps key block 0.
        var list = Select(Golden.Get("q"), Golden.Get("k"), new BlockLayout(1024, 1024, 128), Settings(stride, threshold, keepsFirstBlock: true));
        Assert.Equal(Golden.Get($"mask_s{stride}_t{threshold}").data<byte>().ToArray().Select(element => element != 0), BlockLists.Mask(list));
    }

    [Fact]
    public void Select_ThenAttend_IsTheGoldenOutput()
    {
        var (query, key, value) = (Golden.Get("q"), Golden.Get("k"), Golden.Get("v"));
        var list = Select(query, key, new BlockLayout(1024, 1024, 128), Settings(8, "0.9", keepsFirstBlock: true));
        var expected = Golden.Get("out_s8_t0.9");
        Assert.True(new CpuBackend().Forward(query.@float(), key.@float(), value.@float(), list).Output.allclose(expected, 1e-4, 1e-4));
        Assert.True(new ReferenceBackend().Forward(query.@float(), key.@float(), value.@float(), list).Output.allclose(expected, 1e-4, 1e-4));
    }

    [Fact]
    public void Select_ThresholdOne_KeepsEverything()
    {
        var list = Select(Normal(1, 1, 2, 700, 16) * 5, Normal(2, 1, 2, 700, 16) * 5, new BlockLayout(700, 700, 64), Settings(8, "1"));
        Assert.Equal(1, list.Density());
    }

    [Fact]
    public void Select_HigherThreshold_KeepsAllThatALowerOneKeeps()
    {
        var (query, key) = (Normal(1, 1, 2, 900, 16) * 3, Normal(2, 1, 2, 900, 16));
        bool[]? before = null;
        var densities = new List<double>();
        foreach (var threshold in (string[])["0.05", "0.2", "0.5", "0.8", "0.9", "0.99", "1"])
        {
            var list = Select(query, key, new BlockLayout(900, 900, 64), Settings(8, threshold));
            var mask = BlockLists.Mask(list);
            if (before is not null) Assert.DoesNotContain(true, before.Zip(mask, (kept, stays) => kept && !stays));
            before = mask;
            densities.Add(list.Density());
        }
        Assert.True(densities[0] < densities[3] && densities[3] < densities[^1], string.Join(", ", densities));
    }

    [Fact]
    public void Select_BlocksThatAttendToOneAnother_AreTheOnesKept()
    {
        // Block i of the queries points where block 3 − i of the keys does.
        var numbers = new float[256 * 8];
        for (var token = 0; token < 256; token++) numbers[(token * 8) + (token / 64)] = 1;
        var key = tensor(numbers).reshape(1, 1, 256, 8);
        var list = Select(key.flip(2) * 40, key, new BlockLayout(256, 256, 64), Settings(8, "0.9"));
        Assert.Equal([3, 2, 1, 0], Enumerable.Range(0, 4).Select(i => list.Indices.data<int>().ToArray()[i * 4]));
        Assert.Equal(0.25, list.Density());
    }

    [Fact]
    public void Select_NaNInAQuery_KeepsAllOfItsRow()
    {
        var (query, key) = (Normal(1, 1, 1, 512, 16) * 5, Normal(2, 1, 1, 512, 16) * 5);
        query.narrow(2, 200, 1).fill_(float.NaN);
        var counts = Select(query, key, new BlockLayout(512, 512, 64), Settings(8, "0.3")).Counts.data<int>().ToArray();
        Assert.Equal(8, counts[3]);
        Assert.All(counts.Where((_, row) => row != 3), count => Assert.InRange(count, 1, 7));
    }

    [Fact]
    public void Select_OneBlock_KeepsIt()
    {
        foreach (var tokens in (int[])[1, 3, 64])
            Assert.Equal([1], Select(Normal(1, 1, 1, tokens, 8), Normal(2, 1, 1, tokens, 8), new BlockLayout(tokens, tokens, 64), Settings(16, "0.01")).Counts.data<int>().ToArray());
    }

    [Fact]
    public void Select_PinnedText_IsSeenByAllAndSeesAll()
    {
        var (query, key) = (Normal(1, 1, 2, 520, 16) * 5, Normal(2, 1, 2, 520, 16) * 5);
        var mask = BlockLists.Mask(Select(query, key, new BlockLayout(520, 520, 64, new TokenRange(500, 20)), Settings(8, "0.1")));
        for (var at = 0; at < mask.Length; at++)
            if (at % 9 >= 7 || at / 9 % 9 >= 7) Assert.True(mask[at]);
        Assert.Contains(false, mask);
    }

    [Fact]
    public void Select_PaddedBuffer_ChoosesTheSameBlocks()
    {
        var (query, key) = (Normal(1, 1, 2, 2176, 16) * 3, Normal(2, 1, 2, 2176, 16));
        var layout = new BlockLayout(2100, 2100, 128);
        var (shortQuery, shortKey) = (query.narrow(2, 0, 2100), key.narrow(2, 0, 2100));
        var expected = Select(shortQuery.contiguous(), shortKey.contiguous(), layout, Settings(8, "0.9"));
        Assert.Equal(17, expected.Layout.KeyBlocks);
        Assert.Equal(BlockLists.Mask(expected), BlockLists.Mask(Select(shortQuery, shortKey, layout, Settings(8, "0.9"))));
    }

    [Fact]
    public void Select_LayerThresholds_ReplaceTheRulesOwn()
    {
        var (query, key) = (Normal(1, 1, 2, 512, 16) * 3, Normal(2, 1, 2, 512, 16));
        var layout = new BlockLayout(512, 512, 64);
        var thresholds = new AttentionThresholds("test", 64, 8, [[0.2, 0.9], [1, 1]]);
        using var selector = new XAttentionSelector(new XAttentionSettings(), thresholds);
        var perHead = Select(query, key, layout, new XAttentionSettings { Rule = new SelectionRule { Threshold = new PerHead<double>([0.2, 0.9]) } });
        Assert.Equal(BlockLists.Mask(perHead), BlockLists.Mask(selector.Select(Contexts.Of(query, key, layout, layer: 0))));
        Assert.Equal(1, selector.Select(Contexts.Of(query, key, layout, layer: 1)).Density());
        Assert.Throws<ArgumentOutOfRangeException>(() => selector.Select(Contexts.Of(query, key, layout, layer: 2)));
    }

    [Fact]
    public void Select_AnyInputs_LeavesTwoTensorsInTheScope()
    {
        var (query, key) = (Normal(1, 1, 2, 300, 16), Normal(2, 1, 2, 300, 16));
        var context = Contexts.Of(query, key, new BlockLayout(300, 300, 64));
        foreach (var selector in (IBlockSelector[])[new XAttentionSelector(Settings(8, "0.9")), new OracleSelector(new SelectionRule())])
        {
            using var scope = NewDisposeScope();
            using (selector) selector.Select(context);
            Assert.Equal(2, scope.DisposablesCount);
        }
    }

    [Fact]
    public void Constructor_UnknownStride_IsRefused() =>
        Assert.Contains("stride is 3; it must be one of 4, 8, 16", Assert.Throws<ArgumentException>("settings", () => new XAttentionSelector(new XAttentionSettings { Stride = 3 })).Message);

    private static XAttentionSettings Settings(int stride, string threshold, bool keepsFirstBlock = false) => new()
    {
        Stride = stride,
        Rule = new SelectionRule { Threshold = double.Parse(threshold), KeepsFirstBlock = keepsFirstBlock },
    };

    private static BlockList Select(Tensor query, Tensor key, BlockLayout layout, XAttentionSettings settings)
    {
        using var selector = new XAttentionSelector(settings);
        return selector.Select(Contexts.Of(query, key, layout));
    }
}
