using XVideo.Evaluation.Results;

namespace XVideo.Evaluation.Reporting;

/// <summary>A clip that is among the worst of some dimensions, with a strip of its frames.</summary>
/// <param name="Clip">The clip.</param>
/// <param name="Scores">The dimensions.</param>
/// <param name="Png">Its frames side by side.</param>
internal sealed record WorstClip(ClipResult Clip, IReadOnlyList<ClipScore> Scores, byte[] Png);
