using XVideo.Metrics;
using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Evaluation.Measures;

/// <summary>A few frames of a clip, decoded once for all measures.</summary>
/// <param name="size">Of each frame.</param>
/// <param name="frames">[height, width, 3] rgb24 bytes each.</param>
/// <param name="device">Where networks run.</param>
internal sealed class FrameBatch(FrameSize size, IReadOnlyList<byte[]> frames, Device? device) : IDisposable
{
    /// <summary>Most frames of a batch: networks run them together, and this bounds the memory.</summary>
    public const int MostFrames = 8;

    private Tensor? _pixels;

    public FrameSize Size => size;

    public IReadOnlyList<byte[]> Frames => frames;

    /// <summary>[T, 3, H, W] uint8 on the device, made when the first network asks; without one libtorch is never needed.</summary>
    public Tensor Pixels => _pixels ??= FrameTransforms.FromRgb24(frames.SelectMany(frame => frame).ToArray(), frames.Count, size.Height, size.Width, device ?? CPU).DetachFromDisposeScope();

    public void Dispose() => _pixels?.Dispose();
}
