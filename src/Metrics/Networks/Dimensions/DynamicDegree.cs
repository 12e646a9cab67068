using TorchSharp;
using XVideo.Metrics.Networks.Raft;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's dynamic degree of one clip: whether enough of its moments move fast, by RAFT. A set's score is the share of clips that do.</summary>
/// <remarks>
/// Frames are taken at about 8 a second; a pair of them is fast when the fastest 5 % of its pixels move more than 6 pixels on a scale of 256
/// for the frame's shorter side. The clip is dynamic when a quarter of as many pairs as frames are fast. Keeps one frame, however long the clip.
/// Source: VBench (arXiv 2311.17982).
/// </remarks>
public sealed class DynamicDegree : IDisposable
{
    private const double SampleRate = 8, FastestShare = 0.05, Pixels = 6, ReferenceSide = 256, FastPerFrame = 4 / 16.0;

    private readonly RaftModel _raft;
    private Tensor? _last;

    /// <summary>Prepares for a clip.</summary>
    /// <param name="raft">Stays the caller's.</param>
    /// <param name="frameRate">Frames per second as the video file says; over 0 and finite. A wrong one changes the score.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame rate is not over 0 and finite.</exception>
    public DynamicDegree(RaftModel raft, double frameRate)
    {
        if (!(frameRate > 0 && double.IsFinite(frameRate))) throw new ArgumentOutOfRangeException(nameof(frameRate), frameRate, "the frame rate must be over 0 and finite.");
        _raft = raft;
        FrameInterval = (int)Math.Clamp(Math.Round(frameRate / SampleRate, MidpointRounding.ToEven), 1, int.MaxValue);
    }

    /// <summary>Every how many frames one is measured; at least 1.</summary>
    public int FrameInterval { get; }

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Frames measured so far.</summary>
    public int MeasuredCount { get; private set; }

    /// <summary>Fast pairs so far.</summary>
    public int FastCount { get; private set; }

    /// <summary>Whether the clip so far is dynamic. As in VBench a clip of one or two measured frames needs no fast pair, but it needs a pair.</summary>
    public bool IsDynamic => MeasuredCount >= 2 && FastCount >= Math.Round(MeasuredCount * FastPerFrame, MidpointRounding.ToEven);

    /// <summary>1 or 0; NaN without frames.</summary>
    public double Score => FrameCount == 0 ? double.NaN : IsDynamic ? 1 : 0;

    /// <summary>Takes the next frames, in order; those between the measured ones cost nothing.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the network's device; H and W at least 121.</param>
    /// <exception cref="ArgumentException">The frames are too small, or of another size than those before.</exception>
    public void Add(Tensor frames)
    {
        for (var i = 0L; i < frames.size(0); i++)
        {
            if (FrameCount++ % FrameInterval != 0) continue;
            using var scope = NewDisposeScope();
            var frame = frames.narrow(0, i, 1).to(ScalarType.Float32);
            if (_last is { } last && FlowSpeed.OfFastest(_raft.Flow(last, frame), FastestShare) > Pixels * Math.Min(frame.size(2), frame.size(3)) / ReferenceSide) FastCount++;
            MeasuredCount++;
            _last?.Dispose();
            _last = frame.DetachFromDisposeScope();
        }
    }

    /// <summary>Frees what was kept; the network stays.</summary>
    public void Dispose()
    {
        _last?.Dispose();
        _last = null;
    }
}
