using XVideo.SparseAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>What rendering one video in memory took.</summary>
/// <param name="Stages">Every stage in order.</param>
/// <param name="TotalTime">Wall time from the request to the last frame, without loading the model.</param>
/// <param name="Attention">How self-attention was computed.</param>
public sealed record RenderReport(IReadOnlyList<StageTime> Stages, TimeSpan TotalTime, AttentionReport Attention);
