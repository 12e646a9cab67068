namespace XVideo.Metrics;

/// <summary>A frame is too small for a measure that was asked for.</summary>
public sealed class FrameTooSmallException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="metric">The measure's name in reports, for example <c>ms_ssim</c>.</param>
    /// <param name="size">The frame's size.</param>
    /// <param name="shortestSide">Pixels that the short side must have at least.</param>
    public FrameTooSmallException(string metric, FrameSize size, int shortestSide)
        : base($"{metric} cannot be computed on frames of {size}: the short side is {size.ShortSide} pixels and must be at least {shortestSide}. " +
            "Leave it out, or measure larger frames.")
    {
        (Metric, Size, ShortestSide) = (metric, size, shortestSide);
    }

    /// <summary>The measure's name in reports.</summary>
    public string Metric { get; }

    /// <summary>The frame's size.</summary>
    public FrameSize Size { get; }

    /// <summary>Pixels that the short side must have at least.</summary>
    public int ShortestSide { get; }
}
