using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests;

/// <summary>Seeded block lists.</summary>
internal static class BlockLists
{
    /// <summary>Each block with the given probability; rows may be empty.</summary>
    public static BlockList Random(int seed, BlockLayout layout, int batch, int heads, double density)
    {
        var random = new Random(seed);
        return FromPredicate(layout, batch, heads, (_, _, _, _) => random.NextDouble() < density);
    }

    /// <summary>The blocks for which the predicate over batch item, head, query block and key block holds.</summary>
    public static BlockList FromPredicate(BlockLayout layout, int batch, int heads, Func<int, int, int, int, bool> keeps)
    {
        var mask = new byte[batch * heads * layout.QueryBlocks * layout.KeyBlocks];
        var at = 0;
        for (var b = 0; b < batch; b++)
            for (var n = 0; n < heads; n++)
                for (var i = 0; i < layout.QueryBlocks; i++)
                    for (var j = 0; j < layout.KeyBlocks; j++) mask[at++] = keeps(b, n, i, j) ? (byte)1 : (byte)0;
        using var bytes = tensor(mask).reshape(batch, heads, layout.QueryBlocks, layout.KeyBlocks).to(ScalarType.Bool);
        return BlockList.FromMask(bytes, layout);
    }

    /// <summary>The mask of a list, element by element.</summary>
    public static bool[] Mask(BlockList list)
    {
        using var scope = NewDisposeScope();
        return [.. list.ToMask().to(ScalarType.Byte).data<byte>().ToArray().Select(element => element != 0)];
    }

    /// <summary>A list on the host from plain numbers, one row a query block, B = N = 1; rows are padded with −7.</summary>
    public static BlockList Raw(BlockLayout layout, int[] counts, params int[][] rows)
    {
        var indices = rows.SelectMany(row => row.Concat(Enumerable.Repeat(-7, layout.KeyBlocks - row.Length))).ToArray();
        return new BlockList(layout, tensor(counts).reshape(1, 1, -1), tensor(indices).reshape(1, 1, layout.QueryBlocks, layout.KeyBlocks));
    }
}
