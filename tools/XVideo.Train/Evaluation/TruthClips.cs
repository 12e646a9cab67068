using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>The renders themselves.</summary>
internal sealed class TruthClips : IClipSource
{
    public (IReadOnlyList<byte[]> Frames, double? Density) Make(Scene scene, Tensor render, long seed, CancellationToken cancellation) => (FrameBytes.From(render), null);

    public void Dispose() { }
}
