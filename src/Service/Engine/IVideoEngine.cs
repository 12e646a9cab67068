using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>What makes the videos. All calls but <see cref="Model"/> come from one thread, one at a time.</summary>
public interface IVideoEngine : IDisposable
{
    /// <summary>What it makes them with.</summary>
    ServedModel Model { get; }

    /// <summary>Gets ready: seconds to minutes.</summary>
    /// <exception cref="Exception">Anything that <see cref="Failure.From"/> explains.</exception>
    void Load();

    /// <summary>What it computes with, once it is loaded; <see langword="null"/>: it cannot tell, and no request is refused for its size.</summary>
    DeviceCapacity? Capacity => null;

    /// <summary>Makes one video. The same request gives the same frames.</summary>
    /// <param name="job">What to make, and where to write it.</param>
    /// <param name="progress">Told about every step and frame, on the calling thread.</param>
    /// <param name="cancellation">Honoured within one step; nothing is left behind.</param>
    /// <exception cref="Exception">Anything that <see cref="Failure.From"/> explains.</exception>
    EngineResult Generate(EngineJob job, IProgress<GenerationProgress> progress, CancellationToken cancellation);
}
