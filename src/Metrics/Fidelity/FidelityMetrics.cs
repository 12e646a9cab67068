namespace XVideo.Metrics.Fidelity;

/// <summary>What a <see cref="FidelityMeter"/> computes beside PSNR, which costs next to nothing and is always there.</summary>
[Flags]
public enum FidelityMetrics
{
    /// <summary>PSNR alone.</summary>
    None = 0,

    /// <summary>
    /// <c>ssim</c> and <c>ssim_valid</c>: Gaussian window 11x11, σ 1.5, per channel. The first reflects the borders and averages the whole map
    /// (torchmetrics 1.5 and later); the second leaves out 5 pixels at each border (torchmetrics before 1.5, TeaCache).
    /// Frames of at least 11x11 pixels.
    /// </summary>
    Ssim = 1,

    /// <summary><c>ssim_zero_padded</c>: the Gaussian window over frames continued with zeros (FastVideo). Any size.</summary>
    SsimZeroPadded = 2,

    /// <summary>
    /// <c>ssim_uniform</c>: a flat 11x11 window over frames continued with zeros, variances not clamped (Sparse-VideoGen). Reads higher than the
    /// Gaussian window on textured frames. Any size.
    /// </summary>
    SsimUniform = 4,

    /// <summary><c>ms_ssim</c>: five scales, torchmetrics' definition. Frames of at least 176x176 pixels.</summary>
    MsSsim = 8,

    /// <summary>Everything.</summary>
    All = Ssim | SsimZeroPadded | SsimUniform | MsSsim,
}
