using TorchSharp;
using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.Musiq;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's imaging quality of one clip: MUSIQ's mean over frames, divided by 100.</summary>
/// <remarks>In VBench's default mode "longer": frames with a side over 512 are resized so that the longer is 512. Source: VBench (arXiv 2311.17982).</remarks>
public sealed class ImagingQuality(MusiqModel musiq)
{
    private const int LongestSide = 512;
    private const double ScoreRange = 100;

    private double _sum;

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>About 0 to 1; NaN without frames. VBench's own result files list 100 times this for each clip.</summary>
    public double Score => _sum / ScoreRange / FrameCount;

    /// <summary>Takes more frames; all frames count. They run together, so give a few (8) at a time.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the network's device.</param>
    public void Add(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var scores = musiq.Forward(Resize(frames.to(ScalarType.Float32)) / 255).cpu().data<float>().ToArray();
        _sum += scores.Sum(score => (double)score);
        FrameCount += scores.Length;
    }

    private static Tensor Resize(Tensor frames)
    {
        var (height, width) = (frames.size(2), frames.size(3));
        if (Math.Max(height, width) <= LongestSide) return frames;
        var factor = (double)LongestSide / Math.Max(height, width);
        return Resampler.Bilinear(frames, Math.Max((long)(factor * height), 1), Math.Max((long)(factor * width), 1));
    }
}
