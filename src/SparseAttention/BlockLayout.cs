namespace XVideo.SparseAttention;

/// <summary>How queries and keys are cut into blocks. Everything about a mask that does not depend on the content; equality is by value.</summary>
/// <param name="QueryTokens">Sq.</param>
/// <param name="KeyTokens">Sk.</param>
/// <param name="BlockSize">Tokens of a query block and of a key block: 64 or 128. The last block may hold fewer.</param>
/// <param name="Pinned">Tokens that every query sees and that see every key: the text of joint models. Blocks that hold one of them are always kept.</param>
public sealed record BlockLayout(int QueryTokens, int KeyTokens, int BlockSize, TokenRange Pinned = default)
{
    /// <summary>Block sizes that selectors and kernels take.</summary>
    public static IReadOnlyList<int> BlockSizes { get; } = [64, 128];

    /// <summary>Mq.</summary>
    public int QueryBlocks => CeilDivide(QueryTokens, BlockSize);

    /// <summary>Mk.</summary>
    public int KeyBlocks => CeilDivide(KeyTokens, BlockSize);

    /// <summary>The blocks that hold a pinned token.</summary>
    public TokenRange PinnedBlocks
    {
        get
        {
            if (Pinned.Count == 0) return default;
            var first = Pinned.Start / BlockSize;
            return new TokenRange(first, CeilDivide(Pinned.Start + Pinned.Count, BlockSize) - first);
        }
    }

    /// <summary>Tokens of one key block.</summary>
    public int KeyCount(int block) => Math.Min(BlockSize, KeyTokens - (block * BlockSize));

    /// <summary>Tokens of one query block.</summary>
    public int QueryCount(int block) => Math.Min(BlockSize, QueryTokens - (block * BlockSize));

    private static int CeilDivide(int value, int divisor) => (value + divisor - 1) / divisor;
}
