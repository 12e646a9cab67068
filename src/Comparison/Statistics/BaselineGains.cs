using XVideo.Comparison.Results;
using XVideo.Metrics.Statistics;

namespace XVideo.Comparison.Statistics;

/// <summary>Settings against their baselines at equal density, prompt by prompt.</summary>
internal static class BaselineGains
{
    private static readonly (string Name, bool IsLessBetter)[] Measures = [("psnr", false), ("ssim", false), ("msSsim", false), ("lpips", true), ("vmaf", false)];

    /// <summary>A gain for each baseline, domain and measure. There is none where a clip lacks the measure, or where one is infinite: such a difference has no mean.</summary>
    /// <param name="arms">All of the report.</param>
    /// <param name="pairs">Likewise; each arm has the same prompts.</param>
    public static IReadOnlyList<BaselineGain> Of(IReadOnlyList<ArmSummary> arms, IReadOnlyList<PairResult> pairs)
    {
        var byArm = pairs.ToLookup(pair => pair.Arm);
        return
        [
            .. from baseline in arms
               where baseline.MatchesDensityOf is not null
               from domain in (string[])["raw", "file"]
               from measure in Measures
               let gain = Gain(baseline, domain, measure.Name, measure.IsLessBetter, byArm)
               where gain is not null
               select gain,
        ];
    }

    private static BaselineGain? Gain(ArmSummary baseline, string domain, string measure, bool isLessBetter, ILookup<string, PairResult> pairs)
    {
        var differences = pairs[baseline.MatchesDensityOf!].Join(pairs[baseline.Id], arm => arm.Prompt, other => other.Prompt, (arm, other) => Difference(arm, other, domain, measure)).ToArray();
        if (differences.Length == 0 || differences.Any(difference => !double.IsFinite(difference.Mean))) return null;
        double[] frames = [.. differences.Select(difference => difference.Frames)], sums = [.. differences.Select(difference => difference.Mean * difference.Frames)];
        var (low, high) = Resamples.Of(differences.Length).Interval(sums, frames);
        return new BaselineGain
        {
            Arm = baseline.MatchesDensityOf!,
            Baseline = baseline.Id,
            Domain = domain,
            Measure = measure,
            Mean = sums.Sum() / frames.Sum(),
            Low = low,
            High = high,
            Better = differences.Count(difference => isLessBetter ? difference.Mean < 0 : difference.Mean > 0),
            Prompts = differences.Length,
        };
    }

    // Not a number where one of the two was not computed.
    private static (double Mean, double Frames) Difference(PairResult arm, PairResult other, string domain, string measure)
    {
        var (mine, others) = domain == "raw" ? (arm.Raw, other.Raw) : (arm.File, other.File);
        if (mine is null || others is null || !mine.Means.TryGetValue(measure, out var value) || !others.Means.TryGetValue(measure, out var against)) return (double.NaN, 1);
        return (value - against, mine.Frames["psnr"].Count);
    }
}
