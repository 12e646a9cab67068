namespace XVideo.Metrics.Fidelity;

/// <summary>Sums over the SSIM map of a frame pair or a part of it.</summary>
/// <param name="Ssim">Over the whole map.</param>
/// <param name="SsimInner">Over the map without 5 pixels at each border.</param>
/// <param name="ContrastInner">The contrast and structure term, over the same.</param>
internal readonly record struct SsimSums(double Ssim, double SsimInner, double ContrastInner)
{
    public static SsimSums operator +(SsimSums a, SsimSums b) => new(a.Ssim + b.Ssim, a.SsimInner + b.SsimInner, a.ContrastInner + b.ContrastInner);
}
