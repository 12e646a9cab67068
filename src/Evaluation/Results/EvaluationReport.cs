namespace XVideo.Evaluation.Results;

/// <summary>An evaluation as <c>evaluation.json</c> holds it. The page and the CSV files are made from this alone, but for pictures.</summary>
public sealed record EvaluationReport
{
    /// <summary>What was evaluated, for people.</summary>
    public required string Title { get; init; }

    /// <summary>When the report was made, UTC.</summary>
    public required DateTime Created { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Which clips count for which dimension: by VBench's suite, or all of them.</summary>
    public required string Input { get; init; }

    /// <summary>What ran it, by name in order.</summary>
    public required IReadOnlyList<NamedText> Environment { get; init; }

    /// <summary>The folder, and the one it was set against if there was one.</summary>
    public required IReadOnlyList<EvaluatedSet> Sets { get; init; }

    /// <summary>Between the two folders; empty for one.</summary>
    public required IReadOnlyList<PairedDifference> Differences { get; init; }

    /// <summary>Clips of one folder that the other lacks; empty for one folder.</summary>
    public required IReadOnlyList<string> Unpaired { get; init; }

    /// <summary>Dimensions without a score, with what they need.</summary>
    public required IReadOnlyList<MissingDimension> NotComputed { get; init; }

    /// <summary>Weight files that were used.</summary>
    public required IReadOnlyList<WeightFile> Weights { get; init; }

    /// <summary>How to read the numbers, sentence by sentence.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
