using TorchSharp;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Selectors;

public sealed class OracleSelectorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(130, 200)]
    [InlineData(64, 64)]
    [InlineData(1, 300)]
    public void Compute_Mass_IsTheSoftmaxAddedUpOverBlocks(int queries, int keys)
    {
        var (query, key) = (Normal(1, 2, 2, queries, 16), Normal(2, 2, 2, keys, 16));
        var layout = new BlockLayout(queries, keys, 64);
        var weights = Cpu.AttentionReference.Numbers((query.@double().matmul(key.@double().transpose(2, 3)) / 4).softmax(-1));
        var expected = new double[4 * layout.QueryBlocks * layout.KeyBlocks];
        for (var i = 0; i < weights.Length; i++)
        {
            var (head, q, k) = (i / keys / queries, i / keys % queries, i % keys);
            expected[(((head * layout.QueryBlocks) + (q / 64)) * layout.KeyBlocks) + (k / 64)] += weights[i];
        }
        var mass = BlockMass.Compute(query, key, layout);
        Assert.Equal([2, 2, layout.QueryBlocks, layout.KeyBlocks], mass.shape);
        var numbers = Cpu.AttentionReference.Numbers(mass);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], numbers[i], 1e-3);
        var rows = Cpu.AttentionReference.Numbers(mass.sum(-1));
        for (var row = 0; row < rows.Length; row++) Assert.Equal(layout.QueryCount(row % layout.QueryBlocks), rows[row], 1e-3);
    }

    [Fact]
    public void Recall_OfAList_IsTheShareOfItsBlocks()
    {
        var layout = new BlockLayout(128, 192, 64);
        var mass = tensor([4f, 2, 2, 1, 0, 1]).reshape(1, 1, 2, 3);
        Assert.Equal(0.5, BlockMass.Recall(mass, BlockLists.Raw(layout, [1, 2], [0], [1, 2])), 1e-9);
        Assert.Equal(1, BlockMass.Recall(mass, BlockList.All(layout)), 1e-9);
        Assert.Equal(0, BlockMass.Recall(mass, BlockLists.Raw(layout, [0, 0], [], [])));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Select_ByThreshold_KeepsThatShareWithTheFewestBlocks(double threshold)
    {
        var (query, key) = (Normal(1, 1, 2, 700, 16) * 3, Normal(2, 1, 2, 700, 16));
        var layout = new BlockLayout(700, 700, 64);
        using var oracle = new OracleSelector(new SelectionRule { Threshold = threshold });
        Assert.False(oracle.IsStatic);
        var list = oracle.Select(Contexts.Of(query, key, layout));
        var mass = BlockMass.Compute(query, key, layout);
        Assert.InRange(BlockMass.Recall(mass, list), threshold, 1);
        Assert.InRange(list.Density(), 0.01, 0.95);
        using var same = new BlockChooser(new SelectionRule { Threshold = null, Density = list.Density() });
        Assert.InRange(BlockMass.Recall(mass, same.Choose(rand(mass.shape), layout)), 0, BlockMass.Recall(mass, list));
    }
}
