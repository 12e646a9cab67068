namespace XVideo.Pipeline.Schedulers;

/// <summary>The noise levels of a run, and the timesteps that the network is told for them.</summary>
/// <remarks>
/// Sigmas are rounded to float32, as the published samplers do. That is not cosmetic: near σ = 1 the rounding of 1 − σ moves the
/// log signal-to-noise ratio of the first step by a percent.
/// Source: shift of the noise level after Esser et al. 2024 (arXiv 2403.03206), section 5.3.2; ladders after diffusers' published schedulers.
/// </remarks>
internal sealed record NoiseLadder(double[] Timesteps, double[] Sigmas)
{
    // The first σ of UniPC: at exactly 1 the log signal-to-noise ratio would be -infinity.
    private const double LargestSigma = 1 - 1e-6;

    /// <summary>UniPC: evenly spaced from 1 towards 1/T, shifted; whole timesteps.</summary>
    public static NoiseLadder ForUniPC(int steps, double shift, int trainTimesteps)
    {
        var stride = (1.0 / trainTimesteps - 1) / steps;
        return WithWholeTimesteps(Enumerable.Range(0, steps).Select(i => Math.Min(Shifted(i * stride + 1, shift), LargestSigma)), trainTimesteps);
    }

    /// <summary>DPM-Solver++: evenly spaced from 1 − 1/T towards 0, shifted; whole timesteps.</summary>
    public static NoiseLadder ForDpmSolver(int steps, double shift, int trainTimesteps)
    {
        var clean = 1.0 / trainTimesteps;
        var stride = (clean - 1) / steps;
        return WithWholeTimesteps(
            Enumerable.Range(0, steps).Select(i => Shifted(1 - (i == 0 ? clean : (steps - i) * stride + 1), shift)), trainTimesteps);
    }

    /// <summary>Euler: evenly spaced from 1 to the smallest level of training, which is shifted already, then all shifted; fractional timesteps.</summary>
    public static NoiseLadder ForEuler(int steps, double shift, int trainTimesteps)
    {
        var last = Shifted(1.0 / trainTimesteps, shift);
        var levels = Enumerable.Range(0, steps).Select(i => Shifted(steps == 1 ? 1 : 1 + (last - 1) * i / (steps - 1), shift)).ToArray();
        return new NoiseLadder([.. levels.Select(level => level * trainTimesteps)], EndingInZero(levels));
    }

    // Cut, not rounded: the formulas above keep the published order of operations, so that levels on a whole number fall on the same side.
    private static NoiseLadder WithWholeTimesteps(IEnumerable<double> levels, int trainTimesteps)
    {
        var exact = levels.ToArray();
        return new NoiseLadder([.. exact.Select(level => Math.Floor(level * trainTimesteps))], EndingInZero(exact));
    }

    private static double[] EndingInZero(double[] levels) => [.. levels.Select(level => (double)(float)level), 0];

    private static double Shifted(double level, double shift) => shift * level / (1 + (shift - 1) * level);
}
