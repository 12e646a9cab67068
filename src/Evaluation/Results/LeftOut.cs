namespace XVideo.Evaluation.Results;

/// <summary>Clips that a measure could not take.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Reason">What is wrong with them for it.</param>
/// <param name="Clips">Their names.</param>
public sealed record LeftOut(string Measure, string Reason, IReadOnlyList<string> Clips);
