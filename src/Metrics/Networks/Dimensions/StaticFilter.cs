using TorchSharp;
using XVideo.Metrics.Networks.Raft;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's filter before temporal flickering: whether one clip stands still, by RAFT. Only clips that do are scored there.</summary>
/// <remarks>
/// Every frame counts. A pair moves when the fastest 2 % of its pixels move more than 3 pixels on a scale of 256 for the frame's shorter side.
/// The clip is static when at most an eighth of as many pairs as frames move, and the first and the last frame lie close both ways.
/// Keeps two frames, however long the clip. Source: VBench's static_filter.
/// </remarks>
public sealed class StaticFilter(RaftModel raft) : IDisposable
{
    private const double FastestShare = 0.02, Pixels = 3, ReferenceSide = 256, MovingPerFrame = 2 / 16.0, EndsFactor = 2;

    private Tensor? _first, _last;

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Moving pairs of neighbours so far.</summary>
    public int MovingCount { get; private set; }

    /// <summary>Takes the next frames, in order.</summary>
    /// <param name="frames">[T, 3, H, W] uint8, on the network's device; H and W at least 121.</param>
    /// <exception cref="ArgumentException">The frames are too small, or of another size than those before.</exception>
    public void Add(Tensor frames)
    {
        for (var i = 0L; i < frames.size(0); i++)
        {
            using var scope = NewDisposeScope();
            var frame = frames.narrow(0, i, 1).to(ScalarType.Float32);
            if (_last is { } last && Speed(last, frame) > Threshold(frame)) MovingCount++;
            FrameCount++;
            _first ??= frame.clone().DetachFromDisposeScope();
            _last?.Dispose();
            _last = frame.DetachFromDisposeScope();
        }
    }

    /// <summary>Whether the clip so far is static; measures up to two more pairs, the ends of the clip both ways.</summary>
    /// <exception cref="InvalidOperationException">There were no frames.</exception>
    public bool Decide()
    {
        if (_first is not { } first || _last is not { } last) throw new InvalidOperationException("a clip without frames is neither static nor moving; add its frames first.");
        var allowed = Math.Round(FrameCount * MovingPerFrame, MidpointRounding.ToEven);
        var farthest = Threshold(first) * allowed * EndsFactor;
        return MovingCount <= allowed && Speed(first, last) <= farthest && Speed(last, first) <= farthest;
    }

    /// <summary>Frees what was kept; the network stays.</summary>
    public void Dispose()
    {
        _first?.Dispose();
        _last?.Dispose();
        (_first, _last) = (null, null);
    }

    private double Speed(Tensor from, Tensor to)
    {
        using var flow = raft.Flow(from, to);
        return FlowSpeed.OfFastest(flow, FastestShare);
    }

    private static double Threshold(Tensor frame) => Pixels * Math.Min(frame.size(2), frame.size(3)) / ReferenceSide;
}
