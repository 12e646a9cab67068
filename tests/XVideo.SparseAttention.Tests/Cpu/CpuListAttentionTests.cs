using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed class CpuListAttentionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Kernels => AttentionInputs.Kernels;

    public static TheoryData<string, int, int, int, double> Cases
    {
        get
        {
            var data = new TheoryData<string, int, int, int, double>();
            foreach (var kernel in TileKernel.Supported)
                foreach (var size in BlockLayout.BlockSizes)
                    foreach (var (queries, keys) in ((int, int)[])[(1, 1), (64, 128), (129, 300), (300, 65), (513, 191)])
                        foreach (var density in (double[])[0.15, 0.6]) data.Add(kernel.Name, size, queries, keys, density);
            return data;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(Cases))]
    public void Forward_RandomList_MatchesTheReference(string kernel, int size, int queries, int keys, double density)
    {
        var query = Normal(1, 2, 3, queries, 24);
        var (key, value) = (Normal(2, 2, 3, keys, 24), Normal(3, 2, 3, keys, 24));
        var list = BlockLists.Random(queries + keys, new BlockLayout(queries, keys, size), 2, 3, density);
        AssertMatches(query, key, value, list, Run(kernel, query, key, value, list));
    }

    [Fact]
    public void Forward_RandomShapesAndLists_MatchTheReference() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 400).Four()), shape =>
        {
            using var scope = NewDisposeScope();
            var (queries, keys, seed, dice) = shape;
            var (batch, heads) = (1 + dice % 2, 1 + dice / 2 % 3);
            var query = Normal(seed, batch, heads, queries, 16);
            var (key, value) = (Normal(seed + 1, batch, heads, keys, 16), Normal(seed + 2, batch, heads, keys, 16));
            var layout = new BlockLayout(queries, keys, dice % 5 < 3 ? 64 : 128);
            var list = BlockLists.Random(seed, layout, dice % 3 == 0 ? 1 : batch, dice % 7 < 3 ? 1 : heads, dice % 100 / 100.0);
            AssertMatches(query, key, value, list, CpuAttention.Forward(query, key, value, list, null, true));
        }).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_ListOfAllBlocks_GivesTheBitsOfNoList(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 2, 200, 24), Normal(2, 1, 2, 300, 24), Normal(3, 1, 2, 300, 24));
        foreach (var size in BlockLayout.BlockSizes)
            Assert.Equal(Bits(AttentionInputs.Run(kernel, query, key, value)), Bits(Run(kernel, query, key, value, BlockList.All(new BlockLayout(200, 300, size))).Output));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_BroadcastList_GivesTheBitsOfTheSameListWrittenOut(string kernel)
    {
        var (query, key, value) = (Normal(1, 2, 3, 200, 16), Normal(2, 2, 3, 300, 16), Normal(3, 2, 3, 300, 16));
        var layout = new BlockLayout(200, 300, 64);
        foreach (var (batch, heads) in ((int, int)[])[(1, 1), (2, 1), (1, 3)])
        {
            bool Keeps(int b, int n, int i, int j) => (i + (2 * j) + (batch > 1 ? b : 0) + (heads > 1 ? n : 0)) % 3 != 0;
            var narrow = Run(kernel, query, key, value, BlockLists.FromPredicate(layout, batch, heads, Keeps));
            var full = Run(kernel, query, key, value, BlockLists.FromPredicate(layout, 2, 3, Keeps));
            Assert.Equal(Bits(full.Output), Bits(narrow.Output));
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_RowWithoutBlocks_GivesZerosAndMinusInfinity(string kernel)
    {
        var input = Normal(1, 1, 1, 200, 16);
        var list = BlockLists.FromPredicate(new BlockLayout(200, 200, 64), 1, 1, (_, _, i, j) => i != 1 && j <= i);
        var (output, logSumExp) = Run(kernel, input, input, input, list);
        Assert.All(AttentionReference.Numbers(output.narrow(2, 64, 64)), number => Assert.Equal(0, number));
        Assert.All(AttentionReference.Numbers(logSumExp!.narrow(2, 64, 64)), number => Assert.Equal(double.NegativeInfinity, number));
        AssertMatches(input, input, input, list, (output, logSumExp));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_NaNInUnlistedBlocks_ReachesNobody(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 1, 100, 16), Normal(2, 1, 1, 200, 16), Normal(3, 1, 1, 200, 16));
        var list = BlockLists.FromPredicate(new BlockLayout(100, 200, 64), 1, 1, (_, _, i, j) => i == 0 ? j == 0 : j != 2);
        var clean = Bits(Run(kernel, query, key, value, list).Output);
        key.narrow(2, 128, 64).fill_(float.NaN);
        value.narrow(2, 128, 64).fill_(float.NaN);
        Assert.Equal(clean, Bits(Run(kernel, query, key, value, list).Output));
        key.narrow(2, 70, 1).fill_(float.NaN);
        var result = Run(kernel, query, key, value, list).Output;
        Assert.Equal(clean[..(64 * 16)], Bits(result)[..(64 * 16)]);
        Assert.All(AttentionReference.Numbers(result.narrow(2, 64, 36)), number => Assert.True(double.IsNaN(number)));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_TwoDisjointListsMergedByLogSumExp_GiveTheUnion(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 2, 200, 16), Normal(2, 1, 2, 300, 16), Normal(3, 1, 2, 300, 16));
        var layout = new BlockLayout(200, 300, 64);
        // Row 0 has nothing in the first list, row 1 nothing in the second, row 2 nothing in either.
        bool First(int i, int j) => i is not (0 or 2) && (i == 1 || j % 2 == 0);
        bool Second(int i, int j) => i is not (1 or 2) && !First(i, j);
        var one = Run(kernel, query, key, value, BlockLists.FromPredicate(layout, 1, 2, (_, _, i, j) => First(i, j)));
        var two = Run(kernel, query, key, value, BlockLists.FromPredicate(layout, 1, 2, (_, _, i, j) => Second(i, j)));
        var union = Run(kernel, query, key, value, BlockLists.FromPredicate(layout, 1, 2, (_, _, i, j) => First(i, j) || Second(i, j)));

        var largest = one.LogSumExp!.maximum(two.LogSumExp!).clamp(min: (Scalar)(-1e30)).unsqueeze(-1);
        var (a, b) = ((one.LogSumExp!.unsqueeze(-1) - largest).exp(), (two.LogSumExp!.unsqueeze(-1) - largest).exp());
        var merged = (((a * one.Output) + (b * two.Output)) / (a + b)).nan_to_num();
        var logSumExp = (largest + (a + b).log()).squeeze(-1);
        Assert.True(merged.allclose(union.Output, 1e-5, 1e-5));
        Assert.True(logSumExp.allclose(union.LogSumExp!, 1e-5, 1e-5, equal_nan: true));
    }

    [Fact]
    public void Forward_AnyThreadCount_GivesTheSameBits()
    {
        var (query, key, value) = (Normal(1, 2, 3, 239, 16), Normal(2, 2, 3, 200, 16), Normal(3, 2, 3, 200, 16));
        var list = BlockLists.Random(4, new BlockLayout(239, 200, 64), 2, 3, 0.5);
        var expected = Bits(CpuAttention.Forward(query, key, value, list, null, false, TileKernel.Supported[0], 1).Output);
        foreach (var threads in (int[])[2, 5, 100])
            Assert.Equal(expected, Bits(CpuAttention.Forward(query, key, value, list, null, false, TileKernel.Supported[0], threads).Output));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_NoList_GivesTheLogSumExpOfAllKeys(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 2, 100, 16), Normal(2, 1, 2, 300, 16), Normal(3, 1, 2, 300, 16));
        var logSumExp = CpuAttention.Forward(query, key, value, null, 0.5, true, Kernel(kernel), 2).LogSumExp!;
        Assert.True(logSumExp.allclose(new ReferenceBackend(ScalarType.Float64).Forward(query, key, value, null, 0.5, true).LogSumExp!, 1e-5, 1e-5));
        var nothing = CpuAttention.Forward(query, zeros([1, 2, 0, 16]), zeros([1, 2, 0, 16]), null, null, true).LogSumExp!;
        Assert.All(AttentionReference.Numbers(nothing), number => Assert.Equal(double.NegativeInfinity, number));
    }

    [Fact]
    public void Forward_HeadsTooLargeToPackAtOnce_EachFollowTheirOwnList()
    {
        const int keys = 40_000, dimension = 256;
        var query = Normal(1, 1, 1, 70, dimension).expand(1, 3, 70, dimension);
        var key = Shifted(3, keys, dimension);
        var layout = new BlockLayout(70, keys, 128);
        bool Keeps(int head, int i, int j) => (j + head) % (3 + i) == 0;
        var together = CpuAttention.Forward(query, key, key, BlockLists.FromPredicate(layout, 1, 3, (_, n, i, j) => Keeps(n, i, j)), null, false).Output;
        for (var head = 0; head < 3; head++)
        {
            var list = BlockLists.FromPredicate(layout, 1, 1, (_, _, i, j) => Keeps(head, i, j));
            var alone = CpuAttention.Forward(query.narrow(1, head, 1), key.narrow(1, head, 1), key.narrow(1, head, 1), list, null, false).Output;
            Assert.Equal(Bits(alone), Bits(together.narrow(1, head, 1)));
        }
    }

    [Fact]
    public void Forward_BFloat16AndTransposedQuery_MatchTheReference()
    {
        var query = Normal(1, 1, 200, 2, 64).bfloat16().transpose(1, 2);
        var (key, value) = (Normal(2, 1, 2, 300, 64).bfloat16(), Normal(3, 1, 2, 300, 64).bfloat16());
        var list = BlockLists.Random(4, new BlockLayout(200, 300, 128), 1, 2, 0.6);
        var output = new CpuBackend().Forward(query, key, value, list).Output;
        Assert.True(output.transpose(1, 2).is_contiguous());
        var expected = new ReferenceBackend(ScalarType.Float64).Forward(query.@double(), key.@double(), value.@double(), list).Output;
        Assert.True(output.@double().allclose(expected, 1 / 256.0, 1e-5));
    }

    [Fact]
    public void Forward_ListChangedToGarbageAfterItsCheck_IsRefusedNotRead()
    {
        var input = Normal(1, 1, 1, 128, 8);
        var list = BlockList.All(new BlockLayout(128, 128, 64));
        list.Indices.fill_(1_000_000_000);
        Assert.Throws<BlockListException>(() => new CpuBackend().Forward(input, input, input, list));
    }

    [Fact]
    public void Forward_ListOfOtherTokens_IsRefused()
    {
        var input = Normal(1, 1, 1, 128, 8);
        Assert.Throws<ArgumentException>("blocks", () => new CpuBackend().Forward(input, input, input, BlockList.All(new BlockLayout(128, 129, 64))));
        Assert.Throws<ArgumentException>("blocks", () => new CpuBackend().Forward(input, input, input, BlockList.All(new BlockLayout(128, 128, 32))));
    }

    private static (Tensor Output, Tensor? LogSumExp) Run(string kernel, Tensor query, Tensor key, Tensor value, BlockList list)
    {
        var result = CpuAttention.Forward(query, key, value, list, null, true, Kernel(kernel), 2);
        return (result.Output, result.LogSumExp);
    }

    private static void AssertMatches(Tensor query, Tensor key, Tensor value, BlockList list, AttentionResult result) =>
        AssertMatches(query, key, value, list, (result.Output, result.LogSumExp));

    private static void AssertMatches(Tensor query, Tensor key, Tensor value, BlockList list, (Tensor Output, Tensor? LogSumExp) result)
    {
        var expected = new ReferenceBackend(ScalarType.Float64).Forward(query, key, value, list, wantsLogSumExp: true);
        Assert.Equal(query.shape[..3], result.LogSumExp!.shape);
        Assert.True(result.Output.allclose(expected.Output, 0, 1e-5), $"outputs differ by up to {(result.Output - expected.Output).abs().max().ToDouble()}");
        Assert.True(result.LogSumExp!.allclose(expected.LogSumExp!, 1e-5, 1e-5), "log-sum-exps differ");
    }
}
