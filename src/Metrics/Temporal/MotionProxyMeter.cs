namespace XVideo.Metrics.Temporal;

/// <summary>
/// Measures how far things move by block matching: <c>motion_proxy</c>. It spots frozen and exploding clips; it is not VBench's dynamic degree,
/// whose decision rule it copies, because flat areas match anywhere where RAFT would see the motion.
/// </summary>
/// <remarks>
/// Luma with a short side of 256 pixels (smaller frames as they are, their lengths scaled up to that), 8 frames a second, 8x8 blocks, full search
/// of ±24 pixels, blocks nearer than that to a border left out. Keeps one frame; its memory does not depend on their number. Not thread-safe. Source: metrics.md 3.11.
/// </remarks>
public sealed class MotionProxyMeter
{
    /// <summary>Frames that are looked at of every second.</summary>
    public const double FramesPerSecond = 8;

    private const double Reach = 24;
    private const double TopShare = 0.05;

    // A block and the shortest reach, 1, on both sides of it.
    private const int ShortestSide = BlockSearch.BlockSide + 2;

    private readonly FrameSize _size;
    private readonly int _interval;
    private readonly double _pixelsPerPixel;
    private readonly BlockSearch _search;
    private readonly List<double> _lengths = [];
    private LumaPlane? _previous;
    private int _frameCount;

    /// <summary>Creates a meter for one clip.</summary>
    /// <param name="size">The size of all its frames, at least 10x10.</param>
    /// <param name="frameRate">Its frames per second, positive; every round(rate/8)-th frame is looked at.</param>
    /// <exception cref="FrameTooSmallException">A frame has no room for a block and a step.</exception>
    /// <exception cref="ArgumentException">The size is the default value, or the rate is not a positive number.</exception>
    public MotionProxyMeter(FrameSize size, double frameRate)
    {
        size.RequireSet(nameof(size));
        if (size.ShortSide < ShortestSide)
        {
            throw new FrameTooSmallException("motion_proxy", size, ShortestSide);
        }

        if (!(frameRate > 0 && double.IsFinite(frameRate)))
        {
            throw new ArgumentException(FormattableString.Invariant($"The frame rate is {frameRate}; it must be a positive number of frames per second."), nameof(frameRate));
        }

        _size = size;
        _interval = (int)Math.Max(1, Math.Round(frameRate / FramesPerSecond));
        _pixelsPerPixel = Math.Max(1, (double)LumaPlane.ShortSide / size.ShortSide);
        _search = new((int)Math.Max(1, Math.Round(Reach / _pixelsPerPixel)));
    }

    /// <summary>Measures the next frame.</summary>
    /// <param name="frame">[height, width, 3] rgb24 bytes.</param>
    /// <exception cref="ArgumentException">The frame has not the meter's size.</exception>
    public void Add(ReadOnlySpan<byte> frame)
    {
        _size.Require(frame, nameof(frame));
        if (_frameCount++ % _interval != 0)
        {
            return;
        }

        var plane = LumaPlane.Of(_size, frame);
        if (_previous is not null)
        {
            _lengths.Add(TopMean(_search.Lengths(plane, _previous)) * _pixelsPerPixel);
        }

        _previous = plane;
    }

    /// <summary>Scores of the frames so far.</summary>
    /// <exception cref="InvalidOperationException">Fewer than two frames have been looked at.</exception>
    public MotionProxyScores Scores() => _lengths.Count > 0
        ? new([.. _lengths])
        : throw new InvalidOperationException(
            $"{_frameCount} frame(s) were added, and one in {_interval} is looked at; motion_proxy compares neighbours and needs at least {_interval + 1}.");

    private static double TopMean(double[] lengths)
    {
        Array.Sort(lengths);
        return lengths.TakeLast(Math.Max(1, (int)(TopShare * lengths.Length))).Average();
    }
}
