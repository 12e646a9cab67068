namespace XVideo.Comparison.Results;

/// <summary>What rendering one clip took. Seconds.</summary>
public sealed record RenderCost
{
    /// <summary>Text to frames, without loading the model and without encoding the file.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>All denoising steps.</summary>
    public required double DenoiseSeconds { get; init; }

    /// <summary>Computing self-attention, choosing blocks not counted; <see langword="null"/> where it was not measured.</summary>
    public double? AttentionSeconds { get; init; }

    /// <summary>Choosing blocks; <see langword="null"/> where it was not measured.</summary>
    public double? SelectionSeconds { get; init; }

    /// <summary>What computed it.</summary>
    public required string Backend { get; init; }
}
