namespace XVideo.Evaluation.Results;

/// <summary>What was found for one clip.</summary>
public sealed record ClipResult
{
    /// <summary>Its path below the folder, with '/', without extension.</summary>
    public required string Name { get; init; }

    /// <summary>The file, or the folder of frames; absolute.</summary>
    public required string Path { get; init; }

    /// <summary>What it should show; <see langword="null"/> where nobody says.</summary>
    public string? Prompt { get; init; }

    /// <summary>Where the prompt was found: <c>none</c>, <c>list</c>, <c>metadata</c> or <c>fileName</c>.</summary>
    public required string PromptOrigin { get; init; }

    /// <summary>Of its bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>As the file says.</summary>
    public required int FrameCount { get; init; }

    /// <summary>Frames per second; <see langword="null"/> where the file has none.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Its scores.</summary>
    public required IReadOnlyList<ClipScore> Scores { get; init; }
}
