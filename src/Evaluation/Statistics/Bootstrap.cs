using XVideo.Evaluation.Results;
using XVideo.Metrics.Statistics;

namespace XVideo.Evaluation.Statistics;

/// <summary>95 % intervals over prompts. All clips of a prompt stay together, since they are alike.</summary>
internal static class Bootstrap
{
    /// <summary>Of a mean.</summary>
    /// <returns><see langword="null"/> for a single prompt and for prompts that all give the same: they say nothing about how far others may differ.</returns>
    public static Interval? OfMean(IReadOnlyList<WeightedSum> prompts) => Of(prompts.Count, draw => Total(prompts, draw).Mean);

    /// <summary>Of the difference of two means over the same prompts.</summary>
    public static Interval? OfDifference(IReadOnlyList<(WeightedSum First, WeightedSum Second)> prompts)
    {
        WeightedSum[] first = [.. prompts.Select(prompt => prompt.First)], second = [.. prompts.Select(prompt => prompt.Second)];
        return Of(prompts.Count, draw => Total(first, draw).Mean - Total(second, draw).Mean);
    }

    private static Interval? Of(int prompts, Resamples.Statistic statistic)
    {
        if (prompts < 2) return null;
        var (low, high) = Resamples.Of(prompts).Interval(statistic);
        return low == high ? null : new(low, high);
    }

    private static WeightedSum Total(IReadOnlyList<WeightedSum> prompts, ReadOnlySpan<int> draw)
    {
        var total = default(WeightedSum);
        foreach (var prompt in draw) total += prompts[prompt];
        return total;
    }
}
