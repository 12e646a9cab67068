namespace XVideo.Evaluation.Results;

/// <summary>A clip's own score in a dimension.</summary>
/// <param name="Dimension">Its name.</param>
/// <param name="Value">Raw.</param>
/// <param name="Weight">How much it counts in the mean: 1, or the number of frames behind it.</param>
/// <param name="Counts">Whether it counts at all: the static filter and the suite leave some out.</param>
/// <param name="Note">What was asked and seen; <see langword="null"/>: nothing to say.</param>
public sealed record ClipScore(string Dimension, double Value, double Weight, bool Counts, string? Note);
