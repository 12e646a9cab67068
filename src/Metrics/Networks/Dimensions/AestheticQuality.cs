using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's aesthetic quality of one clip: LAION's head on CLIP ViT-L/14, divided by 10, averaged over frames.</summary>
public sealed class AestheticQuality(ClipModel clip, AestheticHead head)
{
    private double _sum;

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>About 0.1 to 1; NaN without frames.</summary>
    public double Score => _sum / FrameCount;

    /// <summary>Takes more frames; all frames count. They run together, so give a few (8) at a time.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the networks' device.</param>
    public void Add(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var scores = head.Forward(clip.EncodeImages(FrameTransforms.ForClip(frames))).cpu().data<float>().ToArray();
        _sum += scores.Sum(score => (double)score / 10);
        FrameCount += scores.Length;
    }
}
