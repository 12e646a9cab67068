namespace XVideo.Metrics.Fidelity;

/// <summary>How near one frame is to its reference. Measures that were not computed are <see langword="null"/>.</summary>
public sealed record FrameFidelity
{
    /// <summary>The ceiling of <see cref="PsnrCapped"/> in dB.</summary>
    public const double PsnrCap = 100;

    /// <summary>Mean squared error over pixels and channels, for samples in [0,1].</summary>
    public required double MeanSquaredError { get; init; }

    /// <summary>Mean |difference| over pixels and channels in levels of 0 to 255.</summary>
    public required double MeanAbsoluteDifference { get; init; }

    /// <summary>10·log10(1/mse) in dB; +∞ for a frame that equals its reference.</summary>
    public double Psnr => Decibels(MeanSquaredError);

    /// <summary><see cref="Psnr"/>, but at most 100 dB: what TeaCache and FastVideo report.</summary>
    public double PsnrCapped => Math.Min(Psnr, PsnrCap);

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

    internal static double Decibels(double meanSquaredError) => 10 * Math.Log10(1 / meanSquaredError);
}
