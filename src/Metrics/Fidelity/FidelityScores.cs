namespace XVideo.Metrics.Fidelity;

/// <summary>How near a clip is to its reference: means over its frames. Measures that were not computed are <see langword="null"/>.</summary>
/// <remarks>
/// A suite of clips is scored over all their frames pooled, as the XAttention evaluation does: <see cref="Of"/> with the frames of all.
/// Sources: metrics.md 1.1 to 1.3, after torchmetrics.
/// </remarks>
public sealed record FidelityScores
{
    /// <summary>The frames behind the means, in order.</summary>
    public required IReadOnlyList<FrameFidelity> Frames { get; init; }

    /// <summary>Headline PSNR: mean of the frames' PSNR in dB. One frame that equals its reference makes it +∞.</summary>
    public required double Psnr { get; init; }

    /// <summary>Mean of the frames' PSNR, each at most 100 dB.</summary>
    public required double PsnrCapped { get; init; }

    /// <summary>PSNR of the mean error of all frames in dB; never above <see cref="Psnr"/>, and not comparable with it.</summary>
    public required double PsnrVideo { get; init; }

    /// <summary>Frames that equal their reference.</summary>
    public required int InfFrames { get; init; }

    /// <summary>Mean |difference| over frames, pixels and channels in levels of 0 to 255.</summary>
    public required double MeanAbsoluteDifference { get; init; }

    /// <inheritdoc cref="FidelityMetrics.Ssim"/>
    public double? Ssim { get; init; }

    /// <summary>As <see cref="Ssim"/>, without 5 pixels at each border.</summary>
    public double? SsimValid { get; init; }

    /// <inheritdoc cref="FidelityMetrics.SsimZeroPadded"/>
    public double? SsimZeroPadded { get; init; }

    /// <inheritdoc cref="FidelityMetrics.SsimUniform"/>
    public double? SsimUniform { get; init; }

    /// <inheritdoc cref="FidelityMetrics.MsSsim"/>
    public double? MsSsim { get; init; }

    /// <summary>Means over frames, of one clip or pooled over several. A measure that one frame lacks has no mean.</summary>
    /// <exception cref="ArgumentException">There is no frame.</exception>
    public static FidelityScores Of(IEnumerable<FrameFidelity> frames)
    {
        FrameFidelity[] all = [.. frames];
        if (all.Length == 0)
        {
            throw new ArgumentException("There are no frames to score: a clip has at least one.", nameof(frames));
        }

        return new()
        {
            Frames = all,
            Psnr = all.Average(frame => frame.Psnr),
            PsnrCapped = all.Average(frame => frame.PsnrCapped),
            PsnrVideo = FrameFidelity.Decibels(all.Average(frame => frame.MeanSquaredError)),
            InfFrames = all.Count(frame => frame.MeanSquaredError == 0),
            MeanAbsoluteDifference = all.Average(frame => frame.MeanAbsoluteDifference),
            Ssim = Mean(all, frame => frame.Ssim),
            SsimValid = Mean(all, frame => frame.SsimValid),
            SsimZeroPadded = Mean(all, frame => frame.SsimZeroPadded),
            SsimUniform = Mean(all, frame => frame.SsimUniform),
            MsSsim = Mean(all, frame => frame.MsSsim),
        };
    }

    // Enumerable.Average would leave frames without a value out.
    private static double? Mean(FrameFidelity[] frames, Func<FrameFidelity, double?> score) =>
        Array.TrueForAll(frames, frame => score(frame) is not null) ? frames.Average(score) : null;
}
