namespace XVideo.Tokenizers;

/// <summary>How <see cref="UnigramVocabulary.Build"/> chooses its pieces.</summary>
public sealed record UnigramVocabularyOptions
{
    /// <summary>How often a word must occur to get a piece; default 1, at least 1.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>The most frequent words that get a piece; default 16,000, at least 1.</summary>
    public int MaximumWords { get; init; } = 16_000;

    /// <summary>Number of pieces for parts that several words share, so that unseen words degrade less; default 0.</summary>
    public int SubwordCount { get; init; }
}
