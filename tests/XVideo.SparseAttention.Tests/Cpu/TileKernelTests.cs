using TorchSharp;
using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed class TileKernelTests : IDisposable
{
    private const int Keys = 250;
    private const int Dimension = 24;
    private const int Queries = 50;
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Kernels => AttentionInputs.Kernels;

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(Kernels))]
    public void Attend_SomeTiles_SeesTheirKeysOnly(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 1, Queries, Dimension), Normal(2, 1, 1, Keys, Dimension), Normal(3, 1, 1, Keys, Dimension));
        var reference = new AttentionReference(query, key, value, scale: Math.Log(2));
        key.narrow(2, 64, 64).fill_(float.NaN);
        foreach (var tiles in (int[][])[[0, 3], [2], [3], [0, 2, 3]])
        {
            var result = Attend(kernel, query, key, value, tiles);
            for (var token = 0; token < Queries; token++)
            {
                var expected = reference.Row(0, token, sees: j => tiles.Contains(j / TileKernel.Tile));
                for (var d = 0; d < Dimension; d++) Assert.Equal(expected[d], result[token * Dimension + d], 1e-5);
            }
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Attend_NoTiles_GivesZeros(string kernel)
    {
        var (query, key) = (Normal(1, 1, 1, Queries, Dimension), Normal(2, 1, 1, Keys, Dimension));
        Assert.Equal(new double[Queries * Dimension], Attend(kernel, query, key, key, []));
    }

    private static unsafe double[] Attend(string name, Tensor query, Tensor key, Tensor value, int[] tiles)
    {
        var kernel = Kernel(name);
        var output = empty([1, 1, Queries, Dimension]);
        using var packed = new PackedHeads(1, Keys, Dimension);
        using var queries = new QueryTile(Dimension);
        for (var tile = 0; tile < TileKernel.TilesFor(Keys); tile++)
            packed.Pack(0, tile, new TokenRows(key), new TokenRows(value), 0, queries.Staging);
        queries.Pack(new TokenRows(query), 0, 0, Queries, 1, kernel.PanelWidth);
        kernel.Attend(queries, packed[0], tiles);
        queries.Unpack(new TokenRows(output), 0, 0, kernel.PanelWidth);
        return AttentionReference.Numbers(output);
    }
}
