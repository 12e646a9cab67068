using XVideo.SparseAttention;

namespace XVideo.Comparison.Results;

/// <summary>One attention setting, with its means over all prompts.</summary>
public sealed record ArmSummary
{
    /// <summary>A file-name-safe name, unique in the report: <c>xattention-t0.90-s8-w10</c>.</summary>
    public required string Id { get; init; }

    /// <summary>For people: <c>XAttention τ 0.90, stride 8, warm-up 10 %</c>.</summary>
    public required string Label { get; init; }

    /// <summary>A name of <see cref="AttentionMethod.Names"/>, or <c>file</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The arm whose density this one copies, prompt by prompt: a baseline at equal density; otherwise <see langword="null"/>.</summary>
    public string? MatchesDensityOf { get; init; }

    /// <summary>Its settings in order, for example threshold, stride, dense-warmup.</summary>
    public required IReadOnlyList<NamedValue> Settings { get; init; }

    /// <summary>Clips behind the means.</summary>
    public required int Clips { get; init; }

    /// <summary>Means by measure: the names of <see cref="PairScores.Means"/> of the domain of frames before encoding, and
    /// <c>density</c>, <c>sparseDensity</c>, <c>speedup</c>, <c>denoiseSpeedup</c>, <c>attentionSpeedup</c>, <c>totalSeconds</c>, <c>attentionSeconds</c>, <c>selectionSeconds</c>,
    /// <c>recall</c>, <c>oracleRecall</c>, <c>relativeL1</c>, <c>relativeL2</c>, <c>cosine</c>.</summary>
    public required IReadOnlyDictionary<string, ArmStatistic> Raw { get; init; }

    /// <summary>As <see cref="Raw"/> for decoded files; only the names of <see cref="PairScores.Means"/>.</summary>
    public required IReadOnlyDictionary<string, ArmStatistic> File { get; init; }
}
