namespace XVideo.Metrics.Fidelity;

/// <summary>Measures a clip against its reference frame by frame. Frames are paired by index; its memory does not depend on their number.</summary>
/// <remarks>
/// Everything is computed in float64 from the bytes; two cores share the work of one pair, and the result does not depend on how many there are.
/// Not thread-safe. Sources: metrics.md 1.1 to 1.3, after torchmetrics.
/// </remarks>
public sealed class FidelityMeter
{
    private readonly FrameSize _size;
    private readonly FidelityMetrics _metrics;
    private readonly FramePlanes _video, _reference;
    private readonly MsSsim? _msSsim;
    private readonly List<FrameFidelity> _frames = [];

    /// <summary>Creates a meter for one pair of clips.</summary>
    /// <param name="size">The size of all frames of both clips.</param>
    /// <param name="metrics">What to compute; <see langword="null"/> takes all that frames of this size allow.</param>
    /// <exception cref="FrameTooSmallException">A measure was asked for that such small frames do not have.</exception>
    public FidelityMeter(FrameSize size, FidelityMetrics? metrics = null)
    {
        size.RequireSet(nameof(size));
        (_size, _metrics) = (size, metrics ?? Supported(size));
        Require(FidelityMetrics.Ssim, "ssim", SsimWindow.Length);
        Require(FidelityMetrics.MsSsim, "ms_ssim", MsSsim.ShortestSide);
        (_video, _reference) = (new(size.Width, size.Height), new(size.Width, size.Height));
        _msSsim = Has(FidelityMetrics.MsSsim) ? new(size.Width, size.Height) : null;
    }

    /// <summary>Frames measured so far.</summary>
    public int FrameCount => _frames.Count;

    /// <summary>All that frames of a size allow.</summary>
    public static FidelityMetrics Supported(FrameSize size) =>
        FidelityMetrics.SsimZeroPadded | FidelityMetrics.SsimUniform
        | (size.ShortSide >= SsimWindow.Length ? FidelityMetrics.Ssim : 0)
        | (size.ShortSide >= MsSsim.ShortestSide ? FidelityMetrics.MsSsim : 0);

    /// <summary>Measures the next frame.</summary>
    /// <param name="video">[height, width, 3] rgb24 bytes.</param>
    /// <param name="reference">As <paramref name="video"/>, of the clip to compare with.</param>
    /// <exception cref="ArgumentException">A frame has not the meter's size.</exception>
    public FrameFidelity Add(ReadOnlySpan<byte> video, ReadOnlySpan<byte> reference)
    {
        _size.Require(video, nameof(video));
        _size.Require(reference, nameof(reference));
        var differences = ByteDifferences.Between(video, reference);
        var frame = new FrameFidelity
        {
            MeanSquaredError = differences.Squared / (255.0 * 255.0 * video.Length),
            MeanAbsoluteDifference = (double)differences.Absolute / video.Length,
        };
        if (_metrics != FidelityMetrics.None)
        {
            _video.Load(video);
            _reference.Load(reference);
            frame = WithSsim(frame);
        }

        _frames.Add(frame);
        return frame;
    }

    /// <summary>Means over the frames so far.</summary>
    /// <exception cref="InvalidOperationException">No frame has been added.</exception>
    public FidelityScores Scores() => _frames.Count > 0
        ? FidelityScores.Of(_frames)
        : throw new InvalidOperationException("No frames have been added: a clip without frames has no scores.");

    private FrameFidelity WithSsim(FrameFidelity frame)
    {
        if (Has(FidelityMetrics.Ssim) || Has(FidelityMetrics.MsSsim))
        {
            var map = SsimMap.Of(_video, _reference, SsimWindow.Gaussian);
            frame = frame with { MsSsim = _msSsim?.Of(_video, _reference, map) };
            frame = Has(FidelityMetrics.Ssim) ? frame with { Ssim = map.Ssim, SsimValid = map.SsimInner } : frame;
        }

        return frame with
        {
            SsimZeroPadded = Has(FidelityMetrics.SsimZeroPadded) ? SsimMap.Of(_video, _reference, SsimWindow.GaussianZeroPadded).Ssim : null,
            SsimUniform = Has(FidelityMetrics.SsimUniform) ? SsimMap.Of(_video, _reference, SsimWindow.UniformZeroPadded).Ssim : null,
        };
    }

    private bool Has(FidelityMetrics metric) => _metrics.HasFlag(metric);

    private void Require(FidelityMetrics metric, string name, int shortestSide)
    {
        if (Has(metric) && _size.ShortSide < shortestSide)
        {
            throw new FrameTooSmallException(name, _size, shortestSide);
        }
    }
}
