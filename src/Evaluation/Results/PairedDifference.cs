namespace XVideo.Evaluation.Results;

/// <summary>How a dimension differs between two folders, over clips of the same names that count in both.</summary>
/// <param name="Name">The dimension.</param>
/// <param name="Videos">Score of the first folder.</param>
/// <param name="Against">Score of the second.</param>
/// <param name="Difference">First less second.</param>
/// <param name="Interval">95 % interval of the difference; <see langword="null"/> for a single prompt, and where all prompts give the same.</param>
/// <param name="Clips">Pairs of clips.</param>
public sealed record PairedDifference(string Name, double Videos, double Against, double Difference, Interval? Interval, int Clips);
