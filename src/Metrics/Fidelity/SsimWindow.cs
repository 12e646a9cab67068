namespace XVideo.Metrics.Fidelity;

/// <summary>The 11x11 window of an SSIM variant and what it sees beyond the borders.</summary>
/// <param name="Taps">The weights of its rows and of its columns, 11 that sum to 1.</param>
/// <param name="ReflectsBorders">Beyond a border lies the mirrored frame (its edge pixel not repeated) instead of zeros.</param>
/// <param name="ClampsVariance">Variances that rounding made negative count as 0.</param>
internal sealed record SsimWindow(double[] Taps, bool ReflectsBorders, bool ClampsVariance)
{
    /// <summary>Pixels from the middle of the window to its edge.</summary>
    public const int Radius = 5;

    /// <summary>Pixels across the window.</summary>
    public const int Length = 2 * Radius + 1;

    private const double Sigma = 1.5;

    public static readonly SsimWindow Gaussian = new(GaussianTaps(), ReflectsBorders: true, ClampsVariance: true);

    public static readonly SsimWindow GaussianZeroPadded = Gaussian with { ReflectsBorders = false, ClampsVariance = false };

    public static readonly SsimWindow UniformZeroPadded =
        new([.. Enumerable.Repeat(1.0 / Length, Length)], ReflectsBorders: false, ClampsVariance: false);

    /// <summary>The row or column that the window sees at an index; −1 is a zero.</summary>
    /// <param name="index">From −5 to count + 4.</param>
    /// <param name="count">Rows or columns of the frame; more than 5 where borders are reflected.</param>
    public int Source(int index, int count)
    {
        if (index >= 0 && index < count)
        {
            return index;
        }

        return !ReflectsBorders ? -1 : index < 0 ? -index : 2 * (count - 1) - index;
    }

    private static double[] GaussianTaps()
    {
        var weights = Enumerable.Range(-Radius, Length).Select(distance => Math.Exp(-Math.Pow(distance / Sigma, 2) / 2)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
