using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Cpu;
using XVideo.SparseAttention.Selectors.XAttention;
using XVideo.SparseAttention.Tests.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Selectors.XAttention;

public sealed class AntidiagonalScoresTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Kernels => AttentionInputs.Kernels;

    public static TheoryData<string, int, int> KernelsStridesAndSizes
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var kernel in TileKernel.Supported)
                foreach (var stride in XAttentionSettings.Strides)
                    foreach (var size in BlockLayout.BlockSizes) data.Add(kernel.Name, stride, size);
            return data;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(KernelsStridesAndSizes))]
    public void Fused_256Tokens_IsTheSumOverAntidiagonals(string kernel, int stride, int size)
    {
        var (query, key) = (Normal(1, 1, 2, 256, 16) * 2, Normal(2, 1, 2, 256, 16));
        AssertClose(query, key, new BlockLayout(256, 256, size), stride, Fused(kernel, query, key, new BlockLayout(256, 256, size), stride));
    }

    [Theory, MemberData(nameof(KernelsStridesAndSizes))]
    public void Fused_OddLengths_AreTheSumOverAntidiagonals(string kernel, int stride, int size)
    {
        foreach (var (queries, keys) in ((int, int)[])[(1, 1), (5, 300), (333, 7), (131, 517), (641, 129)])
        {
            var (query, key) = (Normal(queries, 1, 2, queries, 8) * 2, Normal(keys + 1, 1, 2, keys, 8));
            var layout = new BlockLayout(queries, keys, size);
            AssertClose(query, key, layout, stride, Fused(kernel, query, key, layout, stride));
        }
    }

    [Fact]
    public void Compute_RandomShapes_AreTheSumOverAntidiagonals() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 300).Four()), dice =>
        {
            using var scope = NewDisposeScope();
            var (queries, keys, seed, other) = dice;
            var dimension = 8 * (1 + (other % 3));
            var (query, key) = (Normal(seed, 2, 1, queries, dimension), Normal(seed + 1, 2, 1, keys, dimension));
            var layout = new BlockLayout(queries, keys, BlockLayout.BlockSizes[other % 2]);
            var stride = XAttentionSettings.Strides[other % XAttentionSettings.Strides.Count];
            AssertClose(query, key, layout, stride, AntidiagonalScores.Compute(query, key, layout, stride));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(4, 64)]
    [InlineData(8, 128)]
    [InlineData(16, 64)]
    public void Operators_OddLengths_AreTheSumOverAntidiagonals(int stride, int size)
    {
        foreach (var (queries, keys) in ((int, int)[])[(256, 256), (1, 1), (131, 517), (641, 129)])
        {
            var (query, key) = (Normal(queries, 2, 2, queries, 12), Normal(keys + 1, 2, 2, keys, 12));
            var layout = new BlockLayout(queries, keys, size);
            // D = 12 is no multiple of 8.
            AssertClose(query, key, layout, stride, AntidiagonalScores.Compute(query, key, layout, stride));
        }
    }

    [Fact]
    public void Compute_Rows_AddUpToTheStridedQueriesOfTheirBlock()
    {
        var layout = new BlockLayout(300, 700, 128);
        var rows = AttentionReference.Numbers(AntidiagonalScores.Compute(Normal(1, 1, 2, 300, 16), Normal(2, 1, 2, 700, 16), layout, 8).sum(-1));
        // 300 tokens are 37 groups of 8 and one of 4.
        double[] expected = [16, 16, 6, 16, 16, 6];
        for (var row = 0; row < 6; row++) Assert.Equal(expected[row], rows[row], 1e-4);
    }

    [Fact]
    public void Compute_2100TokensInALongerBuffer_GivesTheSameBits()
    {
        var layout = new BlockLayout(2100, 2100, 128);
        // What lies behind the sequence in memory is hostile.
        var (longQuery, longKey) = (full([1, 2, 2176, 16], float.NaN), full([1, 2, 2176, 16], 1e30f));
        var (query, key) = (Normal(1, 1, 2, 2100, 16), Normal(2, 1, 2, 2100, 16));
        longQuery.narrow(2, 0, 2100).copy_(query);
        longKey.narrow(2, 0, 2100).copy_(key);
        Assert.Equal(
            Bits(AntidiagonalScores.Compute(query, key, layout, 8)),
            Bits(AntidiagonalScores.Compute(longQuery.narrow(2, 0, 2100), longKey.narrow(2, 0, 2100), layout, 8)));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Fused_LargeLogits_StayFinite(string kernel)
    {
        var layout = new BlockLayout(256, 640, 64);
        foreach (var size in (float[])[100f, 1e4f])
        {
            var (query, key) = (Normal(1, 1, 1, 256, 16) * size, Normal(2, 1, 1, 640, 16) * size);
            var scores = Fused(kernel, query, key, layout, 8);
            foreach (var row in AttentionReference.Numbers(scores.sum(-1))) Assert.Equal(8, row, 1e-4);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Fused_NaNInOneQuery_ReachesItsBlockOnly(string kernel)
    {
        var (query, key) = (Normal(1, 1, 2, 256, 16), Normal(2, 1, 2, 256, 16));
        var layout = new BlockLayout(256, 256, 64);
        var clean = Bits(Fused(kernel, query, key, layout, 8));
        query.select(1, 1).narrow(1, 70, 1).fill_(float.NaN);
        var bits = Bits(Fused(kernel, query, key, layout, 8));
        for (var i = 0; i < bits.Length; i++)
        {
            if (i / 4 == 5) Assert.True(float.IsNaN(BitConverter.Int32BitsToSingle(bits[i])));
            else Assert.Equal(clean[i], bits[i]);
        }
    }

    [Fact]
    public void Fused_AnyThreadsAndStrides_GiveTheSameBits()
    {
        var (query, key) = (Normal(1, 2, 3, 600, 16), Normal(2, 2, 3, 700, 16));
        var layout = new BlockLayout(600, 700, 64);
        var expected = Bits(AntidiagonalScores.Fused(query, key, layout, 8, TileKernel.Supported[0], 1));
        foreach (var threads in (int[])[2, 7]) Assert.Equal(expected, Bits(AntidiagonalScores.Fused(query, key, layout, 8, TileKernel.Supported[0], threads)));
        Tensor TokensOutside(Tensor x) => x.transpose(1, 2).contiguous().transpose(1, 2);
        Assert.Equal(expected, Bits(AntidiagonalScores.Compute(TokensOutside(query), TokensOutside(key), layout, 8)));
    }

    [Fact]
    public void Compute_HeadsTooLargeToPackAtOnce_GiveTheBitsOfEachAlone()
    {
        const int keys = 70_000, dimension = 256;
        var query = Normal(1, 1, 3, 100, dimension);
        var key = Shifted(3, keys, dimension);
        var layout = new BlockLayout(100, keys, 128);
        var together = AntidiagonalScores.Compute(query, key, layout, 16);
        for (var head = 0; head < 3; head++)
            Assert.Equal(Bits(AntidiagonalScores.Compute(query.narrow(1, head, 1), key.narrow(1, head, 1), layout, 16)), Bits(together.narrow(1, head, 1)));
    }

    [Fact]
    public void Compute_BFloat16_IsTheSameAsOfTheSameNumbersInFloat32()
    {
        var (query, key) = (Normal(1, 1, 2, 200, 24).bfloat16(), Normal(2, 1, 2, 200, 24).bfloat16());
        var layout = new BlockLayout(200, 200, 64);
        Assert.Equal(Bits(AntidiagonalScores.Compute(query.@float(), key.@float(), layout, 8)), Bits(AntidiagonalScores.Compute(query, key, layout, 8)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Compute_GoldenOfThePublishedCode_IsWithinOnePartInTenThousand(int stride)
    {
        var expected = AttentionReference.Numbers(Golden.Get($"sums_s{stride}"));
        var numbers = AttentionReference.Numbers(AntidiagonalScores.Compute(Golden.Get("q"), Golden.Get("k"), new BlockLayout(1024, 1024, 128), stride));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], numbers[i], 1e-4 * Math.Max(expected[i], 0.01));
    }

    [Fact]
    public void Compute_ArgumentsThatDoNotFit_AreRefused()
    {
        var input = zeros([1, 1, 64, 8]);
        Assert.Contains("stride is 5", Assert.Throws<ArgumentException>("stride", () => AntidiagonalScores.Compute(input, input, new BlockLayout(64, 64, 64), 5)).Message);
        Assert.Contains("Sk=65", Assert.Throws<ArgumentException>("layout", () => AntidiagonalScores.Compute(input, input, new BlockLayout(64, 65, 64), 8)).Message);
    }

    private static Tensor Fused(string kernel, Tensor query, Tensor key, BlockLayout layout, int stride) =>
        AntidiagonalScores.Fused(query, key, layout, stride, Kernel(kernel), 2);

    private static void AssertClose(Tensor query, Tensor key, BlockLayout layout, int stride, Tensor scores)
    {
        Assert.Equal([query.size(0), query.size(1), layout.QueryBlocks, layout.KeyBlocks], scores.shape);
        var expected = AntidiagonalReference.Scores(query, key, layout, stride);
        var numbers = AttentionReference.Numbers(scores);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], numbers[i], 1e-5 * (1 + expected[i]));
    }
}
