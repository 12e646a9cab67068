using XVideo.Comparison.Results;
using XVideo.Metrics.Statistics;

namespace XVideo.Comparison.Statistics;

/// <summary>Means of an arm over its prompts.</summary>
internal static class ArmSummaries
{
    // Means over frames; the others belong to a clip as a whole.
    private static readonly string[] OverFrames =
        ["psnr", "psnrCapped", "meanAbsoluteDifference", "ssim", "ssimValid", "ssimZeroPadded", "ssimUniform", "msSsim", "lpips", "vmaf"];

    /// <summary>The statistics of the frames before encoding, with those of cost and attention.</summary>
    /// <param name="prompts">All of the report; those of the pairs carry the cost of full attention.</param>
    /// <param name="pairs">Of one arm, one for each prompt.</param>
    public static IReadOnlyDictionary<string, ArmStatistic> Raw(IReadOnlyList<ComparedPrompt> prompts, IReadOnlyList<PairResult> pairs)
    {
        var statistics = OfScores([.. pairs.Where(pair => pair.Raw is not null).Select(pair => pair.Raw!)]);
        Add("density", Each(pair => pair.Density));
        Add("sparseDensity", Each(pair => pair.SparseDensity));
        Add("totalSeconds", Each(pair => pair.Cost?.TotalSeconds));
        Add("attentionSeconds", Each(pair => pair.Cost?.AttentionSeconds));
        Add("selectionSeconds", Each(pair => pair.Cost?.SelectionSeconds));
        Add("speedup", Quotients(cost => cost.TotalSeconds));
        Add("denoiseSpeedup", Quotients(cost => cost.DenoiseSeconds));
        // What choosing blocks takes is part of the price of sparse attention.
        Add("attentionSpeedup", Quotients(cost => cost.AttentionSeconds + (cost.SelectionSeconds ?? 0)));
        Add("recall", Samples(sample => sample.Recall));
        Add("oracleRecall", Samples(sample => sample.OracleRecall));
        Add("relativeL1", Samples(sample => sample.RelativeL1));
        Add("relativeL2", Samples(sample => sample.RelativeL2));
        Add("cosine", Samples(sample => sample.Cosine));
        return statistics;

        void Add(string name, PromptValues values)
        {
            if (values.Numerators.Length > 0) statistics[name] = values.Summarize(Resamples.Of(values.Numerators.Length));
        }

        PromptValues Each(Func<PairResult, double?> value) => PromptValues.Plain(pairs.Select(value).OfType<double>());

        // On the same inputs for all arms: those of the sparse run depend on how far it has drifted.
        PromptValues Samples(Func<AttentionSample, double> value) => PromptValues.Plain(
            pairs.Select(pair => pair.Attention.Where(sample => sample.IsOpenLoop).ToArray()).Where(samples => samples.Length > 0).Select(samples => samples.Average(value)));

        PromptValues Quotients(Func<RenderCost, double?> seconds)
        {
            var times = pairs.Select(pair => (Full: prompts[pair.Prompt].Cost is { } full ? seconds(full) : null, Arm: pair.Cost is { } cost ? seconds(cost) : null))
                .Where(time => time is { Full: not null, Arm: > 0 }).ToArray();
            return new([.. times.Select(time => time.Full!.Value)], [.. times.Select(time => time.Arm!.Value)]);
        }
    }

    /// <summary>The statistics of decoded files.</summary>
    public static IReadOnlyDictionary<string, ArmStatistic> File(IReadOnlyList<PairResult> pairs) => OfScores([.. pairs.Where(pair => pair.File is not null).Select(pair => pair.File!)]);

    // A measure that one clip lacks has no mean: it would be one over other clips than those beside it.
    private static Dictionary<string, ArmStatistic> OfScores(IReadOnlyList<PairScores> scores)
    {
        var statistics = new Dictionary<string, ArmStatistic>();
        if (scores.Count == 0) return statistics;
        var resamples = Resamples.Of(scores.Count);
        foreach (var name in scores[0].Means.Keys.Where(name => scores.All(clip => clip.Means.ContainsKey(name))))
        {
            double[] means = [.. scores.Select(clip => clip.Means[name])];
            if (!OverFrames.Contains(name))
            {
                statistics[name] = PromptValues.Plain(means).Summarize(resamples);
                continue;
            }
            double[] frames = [.. scores.Select(clip => (double)clip.Frames["psnr"].Count)];
            statistics[name] = new PromptValues([.. means.Zip(frames, (mean, count) => mean * count)], frames).Summarize(resamples);
        }
        return statistics;
    }
}
