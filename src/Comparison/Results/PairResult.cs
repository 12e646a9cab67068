namespace XVideo.Comparison.Results;

/// <summary>One clip against its reference.</summary>
public sealed record PairResult
{
    /// <summary>Which of <see cref="ComparisonReport.Prompts"/>.</summary>
    public required int Prompt { get; init; }

    /// <summary>The <see cref="ArmSummary.Id"/>.</summary>
    public required string Arm { get; init; }

    /// <summary>The clip, as <see cref="ComparedPrompt.Clip"/>.</summary>
    public string? Clip { get; init; }

    /// <summary>Of the frames before encoding; <see langword="null"/> for files.</summary>
    public PairScores? Raw { get; init; }

    /// <summary>Of the frames decoded from files; <see langword="null"/> when none were written.</summary>
    public PairScores? File { get; init; }

    /// <summary>What it took; <see langword="null"/> for files.</summary>
    public RenderCost? Cost { get; init; }

    /// <summary>Share of key blocks computed over all calls, a dense call counts as 1; <see langword="null"/> for files.</summary>
    public double? Density { get; init; }

    /// <summary>The same over sparse calls; <see langword="null"/> when there were none.</summary>
    public double? SparseDensity { get; init; }

    /// <summary>What the chosen blocks lose, at sampled steps and layers; empty when not asked for.</summary>
    public IReadOnlyList<AttentionSample> Attention { get; init; } = [];

    /// <summary>Pictures of kept blocks (PNG, relative to the report's folder); empty for most pairs.</summary>
    public IReadOnlyList<MaskPicture> Masks { get; init; } = [];
}
