namespace XVideo.Comparison.Results;

/// <summary>One prompt, or one file of a folder, with its reference.</summary>
public sealed record ComparedPrompt
{
    /// <summary>From 0; <see cref="PairResult.Prompt"/> points here.</summary>
    public required int Index { get; init; }

    /// <summary>The prompt, or the file's name.</summary>
    public required string Text { get; init; }

    /// <summary>The seed that all arms share; <see langword="null"/> for files.</summary>
    public long? Seed { get; init; }

    /// <summary>The full-attention clip, relative to the report's folder with '/'; absolute for files elsewhere; <see langword="null"/> when no video was written.</summary>
    public string? Clip { get; init; }

    /// <summary>What full attention took; <see langword="null"/> for files.</summary>
    public RenderCost? Cost { get; init; }
}
