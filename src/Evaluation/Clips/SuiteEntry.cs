namespace XVideo.Evaluation.Clips;

/// <summary>A prompt of a suite.</summary>
/// <param name="Prompt">Its short English text, which file names carry.</param>
/// <param name="Dimensions">Dimensions that its clips count for.</param>
/// <param name="Style">The style text of appearance_style; <see langword="null"/> where the prompt has none.</param>
internal sealed record SuiteEntry(string Prompt, IReadOnlySet<string> Dimensions, string? Style);
