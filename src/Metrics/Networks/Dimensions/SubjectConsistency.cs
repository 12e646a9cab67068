using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.Transformers;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's subject consistency of one clip, by DINO ViT-B/16.</summary>
public sealed class SubjectConsistency(DinoEncoder dino) : IDisposable
{
    private readonly FeatureConsistency _consistency = new();

    /// <inheritdoc cref="FeatureConsistency.FrameCount"/>
    public int FrameCount => _consistency.FrameCount;

    /// <inheritdoc cref="FeatureConsistency.Score"/>
    public double Score => _consistency.Score;

    /// <summary>Takes the next frames, in order; all frames count. They run together, so give a few (8) at a time.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the network's device.</param>
    public void Add(Tensor frames)
    {
        using var scope = NewDisposeScope();
        _consistency.Add(dino.Forward(FrameTransforms.ForDino(frames)));
    }

    /// <summary>Frees what was kept; the network stays.</summary>
    public void Dispose() => _consistency.Dispose();
}
