namespace XVideo.Pipeline.Masks;

/// <summary>The blocks that one layer kept in one step, as plain numbers.</summary>
public sealed class LayerMask
{
    private readonly bool[] _kept;
    private readonly int[] _blockOfToken;

    internal LayerMask(int layer, int heads, int queryBlocks, int keyBlocks, bool[] kept, int[] blockOfToken, IReadOnlyList<double>? recall)
    {
        (Layer, Heads, QueryBlocks, KeyBlocks, Recall) = (layer, heads, queryBlocks, keyBlocks, recall);
        (_kept, _blockOfToken) = (kept, blockOfToken);
    }

    /// <summary>Transformer block, from 0.</summary>
    public int Layer { get; }

    /// <summary>N; 1 where all heads share one choice.</summary>
    public int Heads { get; }

    /// <summary>Mq.</summary>
    public int QueryBlocks { get; }

    /// <summary>Mk.</summary>
    public int KeyBlocks { get; }

    /// <summary>For each head the share of the exact attention weight that lies in the kept blocks; <see langword="null"/> unless asked for.</summary>
    public IReadOnlyList<double>? Recall { get; }

    /// <summary>Whether a head's query block sees a key block.</summary>
    public bool Keeps(int head, int queryBlock, int keyBlock) => _kept[(((Math.Min(head, Heads - 1) * QueryBlocks) + queryBlock) * KeyBlocks) + keyBlock];

    /// <summary>The share of heads in which a query block sees a key block; of one head only, 0 or 1.</summary>
    public double Share(int? head, int queryBlock, int keyBlock) => head is { } one
        ? Keeps(one, queryBlock, keyBlock) ? 1 : 0
        : Enumerable.Range(0, Heads).Count(each => Keeps(each, queryBlock, keyBlock)) / (double)Heads;

    /// <summary>The share of all blocks that a head keeps.</summary>
    public double Density(int head) =>
        _kept.AsSpan(Math.Min(head, Heads - 1) * QueryBlocks * KeyBlocks, QueryBlocks * KeyBlocks).Count(true) / (double)(QueryBlocks * KeyBlocks);

    /// <summary>The block in which a video token lies.</summary>
    public int BlockOf(int token) => _blockOfToken[token];
}
