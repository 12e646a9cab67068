using XVideo.Metrics.Statistics;

namespace XVideo.Train.Evaluation;

/// <summary>A share with the interval that holds the true one with 95 % confidence.</summary>
/// <param name="Value">The share itself.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
internal sealed record Share(double Value, double Low, double High)
{
    private const double Deviations = 1.959964;

    /// <summary>Of independent trials.</summary>
    /// <remarks>Source: E. B. Wilson, 1927, the score interval.</remarks>
    /// <returns><see langword="null"/> when there was no trial.</returns>
    public static Share? Wilson(int right, int asked)
    {
        if (asked == 0) return null;
        var (share, square) = ((double)right / asked, Deviations * Deviations / asked);
        var middle = (share + (square / 2)) / (1 + square);
        var half = Deviations / (1 + square) * Math.Sqrt((share * (1 - share) / asked) + (square / (4 * asked)));
        return new Share(share, Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>Sum of one value over the sum of another, with a bootstrap interval over captions.</summary>
    /// <param name="captions">Numerator and denominator of each caption: what one caption gives belongs together.</param>
    /// <returns><see langword="null"/> when all denominators are 0.</returns>
    public static Share? Ratio(IReadOnlyList<(double Over, double Under)> captions)
    {
        double[] over = [.. captions.Select(caption => caption.Over)], under = [.. captions.Select(caption => caption.Under)];
        if (under.Sum() == 0) return null;
        var (low, high) = Resamples.Of(captions.Count).Interval(over, under);
        return new Share(over.Sum() / under.Sum(), low, high);
    }
}
