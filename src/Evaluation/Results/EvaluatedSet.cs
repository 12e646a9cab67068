namespace XVideo.Evaluation.Results;

/// <summary>One folder of clips with its scores.</summary>
public sealed record EvaluatedSet
{
    /// <summary>The folder, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>In the order of <see cref="DimensionCatalog.All"/>.</summary>
    public required IReadOnlyList<DimensionScore> Dimensions { get; init; }

    /// <summary><see langword="null"/> without any of VBench's dimensions.</summary>
    public TotalScores? Totals { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<ClipResult> Clips { get; init; }

    /// <summary>Clips that some measures could not take.</summary>
    public required IReadOnlyList<LeftOut> LeftOut { get; init; }

    /// <summary>Files that were skipped.</summary>
    public required IReadOnlyList<UnreadableClip> Unreadable { get; init; }
}
