namespace XVideo.SparseAttention.Cpu;

/// <summary>Which tiles of keys each tile of queries sees.</summary>
internal interface ITileSource
{
    /// <summary>Whether all rows are equally long.</summary>
    bool IsEven { get; }

    /// <summary>The key tiles of one query tile, ascending.</summary>
    /// <param name="head">Index over batch and heads, heads innermost.</param>
    /// <param name="queryTile">Which tile of 64 queries.</param>
    ReadOnlySpan<int> Of(int head, int queryTile);

    /// <summary>Whether any query tile of the head sees a key tile.</summary>
    bool Uses(int head, int keyTile);
}
