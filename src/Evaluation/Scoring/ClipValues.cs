using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Measures;

namespace XVideo.Evaluation.Scoring;

/// <summary>A clip with everything that was measured of it.</summary>
internal sealed record ClipValues(ClipFacts Clip, IReadOnlyList<MeasuredValue> Values);
