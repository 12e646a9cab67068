using XVideo.SparseAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Block lists by chance.</summary>
internal static class RandomLists
{
    /// <summary>Each block is listed with a probability. What lies past a row's count is rubbish, which nobody may read.</summary>
    /// <param name="layout">How the tokens are cut.</param>
    /// <param name="batch">B of the list.</param>
    /// <param name="heads">N of the list.</param>
    /// <param name="density">Probability of a block.</param>
    /// <param name="emptyEvery">Every so many rows one has no blocks; 0: none has no blocks.</param>
    /// <param name="seed">Gives the list.</param>
    /// <param name="device">Where it goes.</param>
    public static BlockList Create(BlockLayout layout, int batch, int heads, double density, int emptyEvery, int seed, Device device)
    {
        using var scope = NewDisposeScope();
        var random = new Random(seed);
        var rows = batch * heads * layout.QueryBlocks;
        var (counts, indices) = (new int[rows], new int[rows * layout.KeyBlocks]);
        for (var row = 0; row < rows; row++)
        {
            var isEmpty = emptyEvery > 0 && row % emptyEvery == emptyEvery - 1;
            int[] kept = isEmpty ? [] : [.. Enumerable.Range(0, layout.KeyBlocks).Where(_ => random.NextDouble() < density)];
            if (kept.Length == 0 && !isEmpty && layout.KeyBlocks > 0) kept = [random.Next(layout.KeyBlocks)];
            counts[row] = kept.Length;
            var own = indices.AsSpan(row * layout.KeyBlocks, layout.KeyBlocks);
            own.Fill(row % 2 == 0 ? int.MaxValue : -1);
            kept.CopyTo(own);
        }
        return Of(layout, batch, heads, counts, indices, device).MoveToOuterDisposeScope();
    }

    /// <summary>The list of these numbers, which are not checked.</summary>
    public static BlockList Of(BlockLayout layout, int batch, int heads, int[] counts, int[] indices, Device device)
    {
        using var scope = NewDisposeScope();
        return new BlockList(
            layout, tensor(counts, device: device).reshape(batch, heads, layout.QueryBlocks),
            tensor(indices, device: device).reshape(batch, heads, layout.QueryBlocks, layout.KeyBlocks)).MoveToOuterDisposeScope();
    }
}
