using TorchSharp;
using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.ViClip;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's overall consistency of one clip, which is also its temporal style: the cosine of the clip and its prompt, by ViCLIP.</summary>
/// <remarks>Eight frames count, the middles of equal parts of the clip. Source: VBench (arXiv 2311.17982).</remarks>
public sealed class PromptConsistency : IDisposable
{
    private readonly ViClipModel _viClip;
    private readonly Tensor _prompt;
    private readonly int[] _sampled;
    private readonly List<Tensor> _kept = [];

    /// <summary>Prepares for a clip.</summary>
    /// <param name="viClip">Stays the caller's.</param>
    /// <param name="tokenizer">CLIP's.</param>
    /// <param name="prompt">What the clip should show; cut off after 32 tokens.</param>
    /// <param name="frameCount">Frames of the clip, at least 1.</param>
    public PromptConsistency(ViClipModel viClip, ClipTokenizer tokenizer, string prompt, int frameCount)
    {
        _sampled = FrameSampling.Middle(frameCount, ViClipModel.FrameCount);
        using var scope = NewDisposeScope();
        (_viClip, _prompt) = (viClip, nn.functional.normalize(viClip.EncodeText(prompt, tokenizer)).DetachFromDisposeScope());
    }

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Takes the next frames, in order; those between the sampled ones cost nothing.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the network's device.</param>
    public void Add(Tensor frames)
    {
        for (var i = 0L; i < frames.size(0); i++, FrameCount++)
        {
            var wanted = _sampled.Count(index => index == FrameCount);
            if (wanted == 0) continue;
            using var scope = NewDisposeScope();
            var seen = Prepare(frames.narrow(0, i, 1));
            for (var copy = 0; copy < wanted; copy++) _kept.Add(seen.alias().DetachFromDisposeScope());
        }
    }

    /// <summary>The cosine, from −1 to 1, in practice 0 to 0.4; runs the network.</summary>
    /// <exception cref="InvalidOperationException">Frames are missing.</exception>
    public double Measure()
    {
        if (_kept.Count < ViClipModel.FrameCount) throw new InvalidOperationException($"the clip has fewer frames than was said: {FrameCount} came, frame {_sampled[_kept.Count]} is needed.");
        using var scope = NewDisposeScope();
        return (nn.functional.normalize(_viClip.EncodeVideo(cat(_kept))) * _prompt).sum().item<float>();
    }

    /// <summary>Frees what was kept; the network stays.</summary>
    public void Dispose()
    {
        foreach (var frame in _kept) frame.Dispose();
        _kept.Clear();
        _prompt.Dispose();
    }

    // Unlike for CLIP's dimensions the published script resizes bytes here.
    private Tensor Prepare(Tensor frame)
    {
        using var scope = NewDisposeScope();
        var side = _viClip.Config.ImageSize;
        var (height, width) = FrameTransforms.ShortSide((int)frame.size(2), (int)frame.size(3), side);
        var cropped = FrameTransforms.CenterCrop(Resampler.BicubicBytes(frame, height, width), side);
        return ChannelStatistics.Clip.Normalize(cropped.to(ScalarType.Float32) / 255).MoveToOuterDisposeScope();
    }
}
