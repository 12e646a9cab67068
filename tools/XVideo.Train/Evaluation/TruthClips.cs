using XVideo.Pipeline.Stages;
using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>The renders themselves.</summary>
internal sealed class TruthClips : IClipSource
{
    public (IReadOnlyList<byte[]> Frames, double? Density) Make(Scene scene, Tensor render, long seed, CancellationToken cancellation) => ([.. FramePixels.ToRgb24(render)], null);

    public void Dispose() { }
}
