using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>What making a video took.</summary>
/// <param name="Stages">Every stage in order.</param>
/// <param name="PeakMemoryInBytes">Highest resident memory of the process.</param>
public sealed record EngineResult(IReadOnlyList<StageTime> Stages, long PeakMemoryInBytes);
