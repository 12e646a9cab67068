using FsCheck;
using FsCheck.Fluent;
using XVideo.Comparison.Results;
using XVideo.Comparison.Statistics;

namespace XVideo.Comparison.Tests;

/// <summary>Differences to baselines against values worked out by hand.</summary>
public sealed class BaselineGainsTests
{
    [Fact]
    public void Of_ClipsOfUnequalLength_PoolsFramesAndCountsPrompts()
    {
        var gain = Psnr([Clip(0, "a", 30, frames: 1), Clip(1, "a", 20, frames: 3), Clip(0, "b", 25, frames: 1), Clip(1, "b", 24, frames: 3)]);

        // One frame 5 dB ahead, three frames 4 dB behind.
        Assert.Equal((-1.75, -4.0, 5.0), (gain!.Mean, gain.Low, gain.High));
        Assert.Equal(("a", "b", "raw", 1, 2), (gain.Arm, gain.Baseline, gain.Domain, gain.Better, gain.Prompts));
    }

    [Fact]
    public void Of_Lpips_CountsLessAsBetter()
    {
        var gain = BaselineGains.Of(Arms, [Clip(0, "a", 0.1, "lpips"), Clip(0, "b", 0.3, "lpips"), Clip(1, "a", 0.2, "lpips"), Clip(1, "b", 0.4, "lpips")]).Single();

        Assert.Equal(-0.2, gain.Mean, 12);
        Assert.Equal(2, gain.Better);
    }

    [Fact]
    public void Of_EqualPsnr_IsNotBetter() => Assert.Equal((0.0, 0), (Psnr([Clip(0, "a", 30), Clip(0, "b", 30)])!.Mean, Psnr([Clip(0, "a", 30), Clip(0, "b", 30)])!.Better));

    [Fact]
    public void Of_ClipsEqualToTheirReference_HaveNoGain()
    {
        Assert.Null(Psnr([Clip(0, "a", double.PositiveInfinity), Clip(0, "b", 30)]));
        Assert.Null(Psnr([Clip(0, "a", double.PositiveInfinity), Clip(0, "b", double.PositiveInfinity)]));
    }

    [Fact]
    public void Of_MeasureThatOneClipLacks_HasNoGain() => Assert.Null(Psnr([Clip(0, "a", 30), Clip(0, "b", 25), Clip(1, "a", 30), Clip(1, "b", 0.9, "ssim")]));

    [Fact]
    public void Of_DecodedFiles_AreADomainOfTheirOwn()
    {
        PairResult[] pairs = [.. new[] { Clip(0, "a", 30), Clip(0, "b", 25) }.Select(pair => pair with { File = pair.Raw, Raw = null })];

        Assert.Equal("file", BaselineGains.Of(Arms, pairs).Single().Domain);
    }

    [Fact]
    public void Of_PromptsOfUnequalDifficulty_DoNotWidenTheInterval() => Prop.ForAll(
        Gen.Choose(15, 45).NonEmptyListOf().Where(list => list.Count <= 8).ToArbitrary(),
        difficulties =>
        {
            var gain = Psnr([.. difficulties.SelectMany((psnr, prompt) => new[] { Clip(prompt, "a", psnr + 2), Clip(prompt, "b", psnr) })])!;
            return Math.Abs(gain.Mean - 2) < 1e-9 && Math.Abs(gain.Low - 2) < 1e-9 && Math.Abs(gain.High - 2) < 1e-9 && gain.Better == difficulties.Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    private static ArmSummary[] Arms { get; } = [Arm("a", null), Arm("b", "a")];

    private static BaselineGain? Psnr(PairResult[] pairs) => BaselineGains.Of(Arms, pairs).SingleOrDefault(gain => gain.Measure == "psnr");

    private static ArmSummary Arm(string id, string? matches) => new()
    {
        Id = id, Label = id, Method = id, MatchesDensityOf = matches, Settings = [], Clips = 1, Raw = new Dictionary<string, ArmStatistic>(), File = new Dictionary<string, ArmStatistic>(),
    };

    private static PairResult Clip(int prompt, string arm, double value, string measure = "psnr", int frames = 1) => new()
    {
        Prompt = prompt, Arm = arm,
        Raw = new PairScores { Means = new Dictionary<string, double> { [measure] = value }, Frames = new Dictionary<string, IReadOnlyList<double>> { ["psnr"] = new double[frames] } },
    };
}
