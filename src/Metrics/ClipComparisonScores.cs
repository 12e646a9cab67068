using XVideo.Metrics.Fidelity;
using XVideo.Metrics.Temporal;

namespace XVideo.Metrics;

/// <summary>What one pass over a clip and its reference finds.</summary>
/// <param name="Fidelity">How near the clip is to its reference.</param>
/// <param name="Video">How much the clip changes from frame to frame; <see langword="null"/> for a single frame.</param>
/// <param name="Reference">As <paramref name="Video"/>, of the reference.</param>
public sealed record ClipComparisonScores(FidelityScores Fidelity, TemporalScores? Video, TemporalScores? Reference);
