using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>Clips that the model makes from captions alone, through the pipeline that users run.</summary>
internal sealed class ModelClips(VideoPipeline pipeline, ResolvedRequest request) : IClipSource
{
    public (IReadOnlyList<byte[]> Frames, double? Density) Make(Scene scene, Tensor render, long seed, CancellationToken cancellation)
    {
        List<byte[]> frames = [];
        var report = pipeline.Watch(request with { Prompt = scene.Caption, Seed = seed }, null, frames.Add, cancellation: cancellation);
        return (frames, report.Density);
    }

    public void Dispose() => pipeline.Dispose();
}
