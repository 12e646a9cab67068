using XVideo.Pipeline;
using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>Makes videos with <see cref="VideoPipeline"/>.</summary>
/// <param name="options">Which model, and what to run it on.</param>
/// <param name="model">The same model from outside.</param>
/// <param name="crf">H.264 rate factor of the files, 0 (lossless) to 51.</param>
public sealed class PipelineEngine(PipelineOptions options, ServedModel model, int crf = 18) : IVideoEngine
{
    private VideoPipeline? _pipeline;

    /// <summary>How often a checkpoint is written while a video is made. Default 20 s.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public ServedModel Model => model;

    /// <inheritdoc/>
    public DeviceCapacity? Capacity => _pipeline?.Capacity;

    /// <inheritdoc/>
    public void Load() => _pipeline ??= VideoPipeline.Load(options);

    /// <inheritdoc/>
    public EngineResult Generate(EngineJob job, IProgress<GenerationProgress> progress, CancellationToken cancellation)
    {
        Load();
        // The path carries the number of the attempt, so whatever lies there is a rest of a killed one.
        var output = new OutputOptions(Overwrite: true, Crf: crf, PreviewFolder: job.PreviewFolder) { CheckpointPath = job.CheckpointPath, CheckpointEvery = CheckpointEvery };
        var result = _pipeline!.Generate(job.Request, job.OutputPath, output, progress, cancellation);
        return new EngineResult(result.Stages, result.PeakDeviceMemoryInBytes ?? result.PeakMemoryInBytes, result.Attention.Density, result.ResumedAtStep);
    }

    /// <inheritdoc/>
    public void Dispose() => _pipeline?.Dispose();
}
