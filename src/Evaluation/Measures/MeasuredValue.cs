namespace XVideo.Evaluation.Measures;

/// <summary>What a clip gives to a dimension.</summary>
/// <param name="Dimension">Its name.</param>
/// <param name="Value">The clip's own score.</param>
/// <param name="Weight">
/// How much it counts in the mean over clips: 1 where the dimension is a mean over videos, the number of frames behind it where it is a mean over frames.
/// </param>
/// <param name="Note">What was asked and seen, for people; <see langword="null"/>: nothing to say.</param>
public sealed record MeasuredValue(string Dimension, double Value, double Weight = 1, string? Note = null);
