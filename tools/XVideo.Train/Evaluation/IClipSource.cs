using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>Makes the clips that are judged.</summary>
internal interface IClipSource : IDisposable
{
    /// <summary>One clip.</summary>
    /// <param name="scene">What it should show.</param>
    /// <param name="render">The scene drawn, [1, 3, T, H, W] float32 in −1…1.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>rgb24 frames, and the share of attention blocks that was computed, where that means something.</returns>
    (IReadOnlyList<byte[]> Frames, double? Density) Make(Scene scene, Tensor render, long seed, CancellationToken cancellation);
}
