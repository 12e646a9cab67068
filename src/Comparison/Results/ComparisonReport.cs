namespace XVideo.Comparison.Results;

/// <summary>A comparison as <c>report.json</c> holds it. The page and the CSV files are made from this alone.</summary>
/// <remarks>Times are in seconds. PSNR of equal frames is +∞, in JSON the text <c>"Infinity"</c>. What was not computed is <see langword="null"/>.</remarks>
public sealed record ComparisonReport
{
    /// <summary>What was compared, for people: <c>24 prompts × 27 settings</c>, or the two paths.</summary>
    public required string Title { get; init; }

    /// <summary>When the report was made, UTC.</summary>
    public required DateTime Created { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>What ran it, by name in order: machine, device, libtorch, number type, threads, decoder …</summary>
    public required IReadOnlyList<NamedValue> Environment { get; init; }

    /// <summary>What all clips share, by name in order: model and its hash, size, frames, rate, steps, guidance, scheduler … Empty for files.</summary>
    public required IReadOnlyList<NamedValue> Settings { get; init; }

    /// <summary>The prompts, or the pairs of files by their names; in order.</summary>
    public required IReadOnlyList<ComparedPrompt> Prompts { get; init; }

    /// <summary>What was set against full attention, in the order of the grid; for files a single one.</summary>
    public required IReadOnlyList<ArmSummary> Arms { get; init; }

    /// <summary>Every clip that was set against its reference: by prompt, then by arm.</summary>
    public required IReadOnlyList<PairResult> Pairs { get; init; }

    /// <summary>Settings against their baselines at equal density; empty when there are none.</summary>
    public IReadOnlyList<BaselineGain> Gains { get; init; } = [];

    /// <summary>Measures that are missing, with the reason and what would be needed.</summary>
    public required IReadOnlyList<NamedValue> NotComputed { get; init; }
}
