namespace XVideo.Metrics.Temporal;

/// <summary>Measures how much a clip changes from frame to frame. Keeps one frame; its memory does not depend on their number.</summary>
/// <remarks>Not thread-safe. Source: metrics.md 2.3, dimension 3, after VBench.</remarks>
public sealed class TemporalMeter
{
    private readonly FrameSize _size;
    private readonly byte[] _previous;
    private readonly List<double> _differences = [];

    /// <summary>Creates a meter for one clip.</summary>
    /// <param name="size">The size of all its frames.</param>
    /// <exception cref="ArgumentException">The size is the default value, 0x0.</exception>
    public TemporalMeter(FrameSize size)
    {
        size.RequireSet(nameof(size));
        (_size, _previous) = (size, new byte[size.SizeInBytes]);
    }

    /// <summary>Frames measured so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Measures the next frame.</summary>
    /// <param name="frame">[height, width, 3] rgb24 bytes.</param>
    /// <exception cref="ArgumentException">The frame has not the meter's size.</exception>
    public void Add(ReadOnlySpan<byte> frame)
    {
        _size.Require(frame, nameof(frame));
        if (FrameCount > 0)
        {
            _differences.Add((double)ByteDifferences.Between(frame, _previous).Absolute / frame.Length);
        }

        frame.CopyTo(_previous);
        FrameCount++;
    }

    /// <summary>Scores of the frames so far.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two frames, so there is no change to measure.</exception>
    public TemporalScores Scores() => _differences.Count > 0
        ? new([.. _differences])
        : throw new InvalidOperationException($"{FrameCount} frame(s) were added; temporal measures compare neighbours and need at least 2.");
}
