using FsCheck;
using FsCheck.Fluent;
using XVideo.Comparison.Results;
using XVideo.Comparison.Statistics;
using XVideo.Metrics.Statistics;

namespace XVideo.Comparison.Tests;

/// <summary>Means of arms against values worked out by hand.</summary>
public sealed class StatisticsTests
{
    [Fact]
    public void Raw_TwoPromptsOfUnequalLength_PoolFramesAndDivideMeanTimes()
    {
        ComparedPrompt[] prompts = [Prompt(0, 10, 8, 6), Prompt(1, 30, 24, 18)];
        PairResult[] pairs =
        [
            Pair(0, Scores(psnr: 20, flickering: 0.9, frames: 1)) with { Cost = Cost(5, 4, 2, 1), Density = 0.4, SparseDensity = 0.3 },
            Pair(1, Scores(psnr: 30, flickering: 0.8, frames: 3)) with { Cost = Cost(15, 8, 4, 2), Density = 0.6, SparseDensity = 0.5 },
        ];

        var raw = ArmSummaries.Raw(prompts, pairs);

        // Four frames, one of 20 and three of 30 dB; the median and deviation are those of the two clips.
        Assert.Equal((27.5, 25, 7.0710678), (raw["psnr"].Mean, raw["psnr"].Median, Math.Round(raw["psnr"].Deviation, 7)));
        Assert.Equal((20.0, 30.0), (raw["psnr"].Low, raw["psnr"].High));
        Assert.Equal(0.85, raw["temporalFlickering"].Mean, 12);
        Assert.Equal(0.5, raw["density"].Mean, 12);
        Assert.Equal(0.4, raw["sparseDensity"].Mean, 12);
        Assert.Equal(40.0 / 20, raw["speedup"].Mean, 12);
        Assert.Equal(32.0 / 12, raw["denoiseSpeedup"].Mean, 12);
        // Full attention has nothing to choose; the arm's choosing counts.
        Assert.Equal(24.0 / (3 + 6), raw["attentionSpeedup"].Mean, 12);
        Assert.Equal(10, raw["totalSeconds"].Mean, 12);
    }

    [Fact]
    public void Raw_EqualClips_HaveInfiniteMeanMedianAndInterval()
    {
        PairResult[] pairs = [Pair(0, Scores(double.PositiveInfinity, 1, 2)), Pair(1, Scores(double.PositiveInfinity, 1, 2))];

        var psnr = ArmSummaries.Raw([Prompt(0), Prompt(1)], pairs)["psnr"];

        Assert.Equal(new ArmStatistic(double.PositiveInfinity, double.PositiveInfinity, 0, double.PositiveInfinity, double.PositiveInfinity), psnr);
    }

    [Fact]
    public void Raw_OneEqualClipOfTwo_NeverBecomesNotANumber()
    {
        PairResult[] pairs = [Pair(0, Scores(double.PositiveInfinity, 1, 2)), Pair(1, Scores(20, 1, 2))];

        var psnr = ArmSummaries.Raw([Prompt(0), Prompt(1)], pairs)["psnr"];

        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, 20.0, double.PositiveInfinity), (psnr.Mean, psnr.Median, psnr.Deviation, psnr.Low, psnr.High));
    }

    [Fact]
    public void Raw_MeasureThatOneClipLacks_HasNoMean()
    {
        var without = Scores(20, 1, 2);
        without = without with { Means = new Dictionary<string, double> { ["psnr"] = 20 } };

        var raw = ArmSummaries.Raw([Prompt(0), Prompt(1)], [Pair(0, Scores(20, 1, 2)), Pair(1, without)]);

        Assert.True(raw.ContainsKey("psnr"));
        Assert.False(raw.ContainsKey("temporalFlickering"));
        Assert.False(raw.ContainsKey("speedup"));
    }

    [Fact]
    public void Raw_Samples_CountOnlyThoseOnEqualInputs()
    {
        var pair = Pair(0, Scores(20, 1, 2)) with { Attention = [Sample(true, 0.8), Sample(true, 0.9), Sample(false, 0.1)] };

        var raw = ArmSummaries.Raw([Prompt(0), Prompt(1)], [pair, Pair(1, Scores(20, 1, 2))]);

        Assert.Equal(0.85, raw["recall"].Mean, 12);
    }

    [Fact]
    public void Interval_OfMeans_IsThatOfTheNormalApproximation()
    {
        // 50 values, half 0 and half 1: standard error √(0.25/50) = 0.0707.
        double[] values = [.. Enumerable.Range(0, 50).Select(at => (double)(at % 2))];

        var (low, high) = Resamples.Of(50).Interval(values, [.. values.Select(_ => 1.0)]);

        Assert.InRange(low, 0.5 - (1.96 * 0.0707) - 0.02, 0.5 - (1.96 * 0.0707) + 0.02);
        Assert.InRange(high, 0.5 + (1.96 * 0.0707) - 0.02, 0.5 + (1.96 * 0.0707) + 0.02);
    }

    [Fact]
    public void Summarize_AnyValues_LieBetweenTheirExtremesAndRepeat() => Prop.ForAll(
        Gen.Choose(-1000, 1000).Select(value => value / 7.0).NonEmptyListOf().Where(list => list.Count <= 8).ToArbitrary(),
        list =>
        {
            var values = PromptValues.Plain(list);
            var (one, two) = (values.Summarize(Resamples.Of(list.Count)), values.Summarize(Resamples.Of(list.Count)));
            const double rounding = 1e-9;
            return one == two && one.Low <= one.High && one.Low >= list.Min() - rounding && one.High <= list.Max() + rounding && one.Mean >= list.Min() - rounding && one.Mean <= list.Max() + rounding;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    private static ComparedPrompt Prompt(int index, double total = 1, double denoise = 1, double attention = 1) =>
        new() { Index = index, Text = $"prompt {index}", Cost = Cost(total, denoise, attention, 0) };

    private static RenderCost Cost(double total, double denoise, double attention, double selection) =>
        new() { TotalSeconds = total, DenoiseSeconds = denoise, AttentionSeconds = attention, SelectionSeconds = selection, Backend = "cpu" };

    private static PairResult Pair(int prompt, PairScores raw) => new() { Prompt = prompt, Arm = "a", Raw = raw };

    private static PairScores Scores(double psnr, double flickering, int frames) => new()
    {
        Means = new Dictionary<string, double> { ["psnr"] = psnr, ["temporalFlickering"] = flickering },
        Frames = new Dictionary<string, IReadOnlyList<double>> { ["psnr"] = [.. Enumerable.Repeat(psnr, frames)] },
    };

    private static AttentionSample Sample(bool isOpen, double recall) => new()
    {
        IsOpenLoop = isOpen, Step = 0, Layer = 0, Density = 0.5, Recall = recall, RecallP1 = recall, RecallMin = recall, OracleRecall = 1, RelativeL1 = 0, RelativeL2 = 0, Cosine = 1,
    };
}
