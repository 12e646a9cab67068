using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>What making a video took.</summary>
/// <param name="Stages">Every stage in order.</param>
/// <param name="PeakMemoryInBytes">Highest memory of tensors on the GPU, or resident memory of the process on the CPU.</param>
/// <param name="AttentionDensity">Share of the attention that was computed, mean over all calls, 0 to 1; <see langword="null"/> when unknown.</param>
/// <param name="ResumedAtStep">Steps that an earlier attempt had done; 0: none.</param>
public sealed record EngineResult(IReadOnlyList<StageTime> Stages, long PeakMemoryInBytes, double? AttentionDensity = null, int ResumedAtStep = 0);
