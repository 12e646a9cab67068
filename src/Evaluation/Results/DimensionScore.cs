namespace XVideo.Evaluation.Results;

/// <summary>A dimension over all clips that count for it.</summary>
public sealed record DimensionScore
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whose definition it is: <c>vBench</c>, <c>classical</c>, <c>pixelJudge</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of <see cref="Raw"/>: <c>score</c>, <c>share</c>, <c>px</c>, <c>levels</c>.</summary>
    public required string Unit { get; init; }

    /// <summary><see langword="null"/> where neither end is better.</summary>
    public bool? IsHigherBetter { get; init; }

    /// <summary>The mean over clips, or over frames where the dimension is defined so.</summary>
    public required double Raw { get; init; }

    /// <summary>95 % bootstrap interval of it over prompts; <see langword="null"/> for imported scores, for a single prompt, and where all prompts give the same.</summary>
    public Interval? Interval { get; init; }

    /// <summary>By VBench's range, not clamped; <see langword="null"/> for other dimensions.</summary>
    public double? Normalized { get; init; }

    /// <summary>Clips that count.</summary>
    public required int Clips { get; init; }

    /// <summary>Clips that a suite wants for it; <see langword="null"/> without a suite.</summary>
    public int? ClipsWanted { get; init; }

    /// <summary>Whether another program computed it.</summary>
    public bool IsImported { get; init; }
}
