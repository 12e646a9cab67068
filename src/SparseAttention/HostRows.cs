using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>A checked copy of a block list in the host's memory, row by row.</summary>
internal sealed class HostRows
{
    private readonly BlockLayout _layout;
    private readonly int _batch, _heads;
    private readonly int[] _counts, _indices;

    /// <exception cref="BlockListException">The list says what no list may say.</exception>
    public HostRows(BlockList blocks)
    {
        blocks.Validate();
        using var scope = NewDisposeScope();
        _layout = blocks.Layout;
        (_batch, _heads) = ((int)blocks.Counts.size(0), (int)blocks.Counts.size(1));
        _counts = [.. MemoryMarshal.Cast<byte, int>(blocks.Counts.cpu().bytes)];
        _indices = [.. MemoryMarshal.Cast<byte, int>(blocks.Indices.cpu().bytes)];
    }

    /// <summary>How the tokens are cut.</summary>
    public BlockLayout Layout => _layout;

    /// <summary>Batch items that the list tells apart; 1 stands for all.</summary>
    public int Batch => _batch;

    /// <summary>Heads that the list tells apart; 1 stands for all.</summary>
    public int Heads => _heads;

    /// <summary>The key blocks of one query block.</summary>
    public ReadOnlySpan<int> Row(int batch, int head, int queryBlock)
    {
        var row = (((_batch == 1 ? 0 : batch) * _heads) + (_heads == 1 ? 0 : head)) * _layout.QueryBlocks + queryBlock;
        return _indices.AsSpan(row * _layout.KeyBlocks, _counts[row]);
    }

    /// <summary>The key tokens of one query block.</summary>
    public long[] Tokens(int batch, int head, int queryBlock)
    {
        var tokens = new List<long>();
        foreach (var block in Row(batch, head, queryBlock))
            for (var t = 0; t < _layout.KeyCount(block); t++) tokens.Add(((long)block * _layout.BlockSize) + t);
        return [.. tokens];
    }
}
