using XVideo.Metrics.Temporal;

namespace XVideo.Metrics.OpticalFlow;

/// <summary>Measures the motion of a clip by <see cref="DenseFlow"/>. Not VBench's: its dynamic degree is decided by RAFT.</summary>
/// <remarks>
/// Luma with a short side of at most 256 pixels. Every pair of neighbouring frames is looked at, in both directions: what does not come back to where it
/// started is hidden in one of them. Keeps two frames and a flow; its memory does not depend on their number. Uses two threads. Not thread-safe.
/// Source of the test for hidden pixels: Sundaram, Brox and Keutzer 2010.
/// </remarks>
public sealed class OpticalFlowMeter
{
    private const int ShortestSide = 16;

    // Of the round trip: a share of the lengths, and an allowance in squared pixels.
    private const float RoundTripShare = 0.01f, RoundTripAllowance = 0.5f;

    private readonly FrameSize _size;
    private readonly List<double> _lengths = [], _occluded = [], _errors = [], _changes = [];
    private GrayImage? _previous;
    private (FlowField Flow, bool[] Seen)? _before;
    private int _frameCount;

    /// <summary>Creates a meter for one clip.</summary>
    /// <param name="size">The size of all its frames, at least 16x16.</param>
    /// <exception cref="FrameTooSmallException">A side is shorter.</exception>
    /// <exception cref="ArgumentException">The size is the default value.</exception>
    public OpticalFlowMeter(FrameSize size)
    {
        size.RequireSet(nameof(size));
        _size = size.ShortSide >= ShortestSide ? size : throw new FrameTooSmallException("optical_flow", size, ShortestSide);
    }

    /// <summary>Measures the next frame.</summary>
    /// <param name="frame">[height, width, 3] rgb24 bytes.</param>
    /// <exception cref="ArgumentException">The frame has not the meter's size.</exception>
    public void Add(ReadOnlySpan<byte> frame)
    {
        _size.Require(frame, nameof(frame));
        var plane = LumaPlane.Of(_size, frame);
        var image = new GrayImage(plane.Width, plane.Height, Array.ConvertAll(plane.Levels, level => (float)level));
        if (_previous is not null) Measure(_previous, image);
        _previous = image;
        _frameCount++;
    }

    /// <summary>Scores of the frames so far.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two frames.</exception>
    public OpticalFlowScores Scores() => _lengths.Count > 0
        ? new([.. _lengths], [.. _occluded], [.. _errors], [.. _changes])
        : throw new InvalidOperationException($"{_frameCount} frame(s) were added; optical flow compares neighbours and needs at least 2.");

    private void Measure(GrayImage from, GrayImage to)
    {
        var (flow, back) = Both(from, to);
        var pixels = (double)LumaPlane.ShortSide / Math.Min(from.Width, from.Height);
        var seen = Seen(flow, back);
        var seenCount = seen.Count(isSeen => isSeen);
        _lengths.Add(pixels * flow.X.Zip(flow.Y, (x, y) => Math.Sqrt((double)x * x + (double)y * y)).Average());
        _occluded.Add(1 - (double)seenCount / seen.Length);
        _errors.Add(seenCount == 0 ? 0 : Sum(flow, seen, (x, y, i) => Math.Abs(to.At(x, y) - from.Levels[i])) / seenCount);
        if (_before is { } before) _changes.Add(pixels * Change(before.Flow, before.Seen, flow));
        _before = (flow, seen);
    }

    private static (FlowField Flow, FlowField Back) Both(GrayImage from, GrayImage to)
    {
        // A frozen clip needs no search.
        if (from.Levels.AsSpan().SequenceEqual(to.Levels)) return (Still(from), Still(from));
        var (flow, back) = ((FlowField?)null, (FlowField?)null);
        Parallel.Invoke(() => flow = DenseFlow.Estimate(from, to), () => back = DenseFlow.Estimate(to, from));
        return (flow!, back!);
    }

    private static FlowField Still(GrayImage image) => new(image.Width, image.Height, new float[image.Levels.Length], new float[image.Levels.Length]);

    private static bool[] Seen(FlowField flow, FlowField back)
    {
        var (backX, backY) = (new GrayImage(back.Width, back.Height, back.X), new GrayImage(back.Width, back.Height, back.Y));
        var seen = new bool[flow.X.Length];
        Sum(flow, null, (x, y, i) =>
        {
            var (u, v, returnX, returnY) = (flow.X[i], flow.Y[i], backX.At(x, y), backY.At(x, y));
            var miss = (u + returnX) * (u + returnX) + (v + returnY) * (v + returnY);
            seen[i] = backX.Contains(x, y) && miss <= RoundTripShare * (u * u + v * v + returnX * returnX + returnY * returnY) + RoundTripAllowance;
            return 0;
        });
        return seen;
    }

    // Of a pixel's motion, from one pair to the next.
    private static double Change(FlowField before, bool[] seen, FlowField flow)
    {
        var (nextX, nextY) = (new GrayImage(flow.Width, flow.Height, flow.X), new GrayImage(flow.Width, flow.Height, flow.Y));
        var count = seen.Count(isSeen => isSeen);
        return count == 0 ? 0 : Sum(before, seen, (x, y, i) =>
        {
            var (dx, dy) = (nextX.At(x, y) - before.X[i], nextY.At(x, y) - before.Y[i]);
            return Math.Sqrt((double)dx * dx + (double)dy * dy);
        }) / count;
    }

    /// <summary>Over pixels: the function gets where a pixel went, and its index.</summary>
    private static double Sum(FlowField flow, bool[]? only, Func<float, float, int, double> value)
    {
        var sum = 0.0;
        for (var i = 0; i < flow.X.Length; i++)
            if (only is null || only[i]) sum += value(i % flow.Width + flow.X[i], i / flow.Width + flow.Y[i], i);
        return sum;
    }
}
