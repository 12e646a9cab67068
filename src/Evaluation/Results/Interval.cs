namespace XVideo.Evaluation.Results;

/// <summary>A 95 % bootstrap interval: 10,000 resamples of prompts with all their clips, fixed seed.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record Interval(double Low, double High);
