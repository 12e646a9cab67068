namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>Settings of XAttention. Source: Xu et al. 2025 (arXiv 2503.16428).</summary>
public sealed record XAttentionSettings
{
    /// <summary>Strides that selection can use.</summary>
    public static IReadOnlyList<int> Strides { get; } = [4, 8, 16];

    /// <summary>S: every S-th antidiagonal is sampled; larger is cheaper and coarser. Divides the block size. Default 8.</summary>
    public int Stride { get; init; } = 8;

    /// <summary>How many blocks are kept.</summary>
    public SelectionRule Rule { get; init; } = new();
}
