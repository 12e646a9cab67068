namespace XVideo.Metrics.Fidelity;

/// <summary>Means over the SSIM map of a frame pair.</summary>
/// <param name="Ssim">Over channels and the whole map.</param>
/// <param name="SsimInner">Over channels and the map without 5 pixels at each border; NaN when nothing is left.</param>
/// <param name="ContrastInner">The contrast and structure term, over the same.</param>
internal readonly record struct SsimMap(double Ssim, double SsimInner, double ContrastInner)
{
    // Bands are the same on every machine, and their sums are added in order: so are the scores.
    private const int RowsPerBand = 64;

    public static SsimMap Of(FramePlanes a, FramePlanes b, SsimWindow window)
    {
        var bands = (a.Height + RowsPerBand - 1) / RowsPerBand;
        var sums = new SsimSums[FramePlanes.Channels * bands];
        Parallel.For(0, sums.Length, () => new SsimFilter(window, a, b), (i, _, filter) =>
        {
            var firstRow = i % bands * RowsPerBand;
            sums[i] = filter.Sum(i / bands, firstRow, Math.Min(firstRow + RowsPerBand, a.Height));
            return filter;
        }, _ => { });
        var all = sums.Aggregate((sum, next) => sum + next);
        var count = (double)FramePlanes.Channels * a.Width * a.Height;
        var inner = (double)FramePlanes.Channels * Math.Max(0, a.Width - 2 * SsimWindow.Radius) * Math.Max(0, a.Height - 2 * SsimWindow.Radius);
        return new(all.Ssim / count, all.SsimInner / inner, all.ContrastInner / inner);
    }
}
