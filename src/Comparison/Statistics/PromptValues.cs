using XVideo.Comparison.Results;
using XVideo.Metrics.Statistics;

namespace XVideo.Comparison.Statistics;

/// <summary>One measure of one arm, prompt by prompt, as a quotient of sums: so a mean pools frames, and a speed-up is a quotient of mean times.</summary>
/// <param name="Numerators">One for each prompt: the sum of a measure over frames, the seconds of full attention …</param>
/// <param name="Denominators">As many, positive: the number of frames, the seconds of the arm …</param>
internal sealed record PromptValues(double[] Numerators, double[] Denominators)
{
    /// <summary>A measure that counts every prompt alike.</summary>
    public static PromptValues Plain(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new(all, [.. all.Select(_ => 1.0)]);
    }

    /// <summary>Mean, spread and interval.</summary>
    /// <param name="resamples">Of as many prompts.</param>
    public ArmStatistic Summarize(Resamples resamples)
    {
        double[] values = [.. Numerators.Zip(Denominators, (above, below) => above / below)];
        var (low, high) = resamples.Interval(Numerators, Denominators);
        return new ArmStatistic(Numerators.Sum() / Denominators.Sum(), Median(values), Deviation(values), low, high);
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var (below, above) = (sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);
        return below == above ? below : (below + above) / 2;
    }

    // Infinite values, as PSNR of equal clips has, are no distance apart from each other, and infinitely far from all others.
    private static double Deviation(double[] values)
    {
        if (values.Length < 2 || values.All(value => value == values[0])) return 0;
        if (values.Any(double.IsInfinity)) return double.PositiveInfinity;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
