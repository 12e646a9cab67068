namespace XVideo.SparseAttention.Selectors;

/// <summary>How many of a row's best blocks are kept, once each block has a score.</summary>
/// <remarks>
/// Exactly one of <see cref="Threshold"/> and <see cref="Density"/> decides. Ties go to the lower index. A row whose scores are not finite, or add
/// up to nothing, keeps everything: better slow than wrong.
/// </remarks>
public sealed record SelectionRule
{
    /// <summary>τ: the smallest set of blocks that holds at least this share of the row's score, more than 0 to 1. Default 0.9.</summary>
    public PerHead<double>? Threshold { get; init; } = 0.9;

    /// <summary>Keep this share of the blocks whatever their scores, more than 0 to 1; for benchmarks. <see langword="null"/>: by threshold.</summary>
    public double? Density { get; init; }

    /// <summary>At least so many blocks a row. Default 1.</summary>
    public int MinBlocks { get; init; } = 1;

    /// <summary>At most so many blocks a row; <see langword="null"/>: all.</summary>
    public int? MaxBlocks { get; init; }

    /// <summary>Always keep key block 0, as the published XAttention code does. Default false.</summary>
    public bool KeepsFirstBlock { get; init; }
}
