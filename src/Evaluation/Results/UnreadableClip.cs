namespace XVideo.Evaluation.Results;

/// <summary>A file that should be a video and cannot be read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record UnreadableClip(string Path, string Problem);
