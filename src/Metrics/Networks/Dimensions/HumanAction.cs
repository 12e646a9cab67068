using TorchSharp;
using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.Umt;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's human action of one clip: whether UMT is sure of the prompt's action. A set's score is the share of such clips.</summary>
/// <remarks>
/// Sixteen frames count, the middles of equal parts of the clip; sure means among the five likeliest actions and at least 0.85 after rounding to
/// four decimals. Source: VBench (arXiv 2311.17982).
/// </remarks>
public sealed class HumanAction : IDisposable
{
    private const int Candidates = 5, ShortSide = 256, Decimals = 4;
    private const double Sure = 0.85;
    private const string Lead = "person is ";

    private readonly UmtModel _umt;
    private readonly ActionLabels _labels;
    private readonly int[] _sampled;
    private readonly List<Tensor> _kept = [];

    /// <summary>Prepares for a clip.</summary>
    /// <param name="umt">Stays the caller's.</param>
    /// <param name="labels">Names of its outputs.</param>
    /// <param name="frameCount">Frames of the clip, at least 1.</param>
    public HumanAction(UmtModel umt, ActionLabels labels, int frameCount) =>
        (_umt, _labels, _sampled) = (umt, labels, FrameSampling.Middle(frameCount, UmtModel.FrameCount));

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The action in a prompt or file name of VBench's suite: <c>riding a bike</c> in <c>A person is riding a bike-0.mp4</c>.</summary>
    public static string ActionOf(string prompt) => prompt.ToLowerInvariant().Split('-')[0].Split(Lead)[^1].Split('_')[0].Trim();

    /// <summary>Takes the next frames, in order; those between the sampled ones cost nothing.</summary>
    /// <param name="frames">[T, 3, H, W] uint8.</param>
    public void Add(Tensor frames)
    {
        for (var i = 0L; i < frames.size(0); i++, FrameCount++)
        {
            var wanted = _sampled.Count(index => index == FrameCount);
            if (wanted == 0) continue;
            using var scope = NewDisposeScope();
            var seen = Prepare(frames.narrow(0, i, 1), frames.device);
            for (var copy = 0; copy < wanted; copy++) _kept.Add(seen.alias().DetachFromDisposeScope());
        }
    }

    /// <summary>The actions that the network is sure of, the likeliest first; runs the network.</summary>
    /// <exception cref="InvalidOperationException">Frames are missing.</exception>
    public IReadOnlyList<string> Measure()
    {
        if (_kept.Count < UmtModel.FrameCount) throw new InvalidOperationException($"the clip has fewer frames than was said: {FrameCount} came, frame {_sampled[_kept.Count]} is needed.");
        using var scope = NewDisposeScope();
        var likelihoods = _umt.Forward(cat(_kept)).cpu().data<float>().ToArray();
        return [.. Enumerable.Range(0, likelihoods.Length).OrderByDescending(action => likelihoods[action]).Take(Candidates)
            .Where(action => Math.Round((double)likelihoods[action], Decimals) >= Sure).Select(action => _labels[action])];
    }

    /// <summary>Frees what was kept; the network stays.</summary>
    public void Dispose()
    {
        foreach (var frame in _kept) frame.Dispose();
        _kept.Clear();
    }

    // The published script resizes with OpenCV here.
    private static Tensor Prepare(Tensor frame, Device device)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ((int)frame.size(2), (int)frame.size(3));
        var (newHeight, newWidth) = FrameTransforms.ShortSide(height, width, ShortSide);
        var bytes = frame.cpu().contiguous();
        var resized = Math.Min(height, width) == ShortSide ? bytes : tensor(OpenCvResampler.Bilinear(bytes.bytes, 3, height, width, newHeight, newWidth)).reshape(1, 3, newHeight, newWidth);
        var cropped = FrameTransforms.CenterCrop(resized.to(device), UmtModel.Side);
        return ChannelStatistics.ImageNet.Normalize(cropped.to(ScalarType.Float32) / 255).MoveToOuterDisposeScope();
    }
}
