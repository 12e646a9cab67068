using Xunit.Abstractions;

namespace XVideo.Judge.Tests;

/// <summary>
/// The judge's own accuracy. XVIDEO_JUDGE_SCENES=60 takes 60 scenes of each family instead of 5; the tables go to judge-validation.md beside the test assembly.
/// </summary>
public sealed class ValidationTests(ITestOutputHelper output)
{
    private const int UsualScenes = 5;

    private static readonly Lazy<Validation> Result = new(() =>
    {
        var asked = Environment.GetEnvironmentVariable("XVIDEO_JUDGE_SCENES");
        return Validation.Run(asked is null ? UsualScenes : int.Parse(asked));
    });

    [Fact]
    public void Judge_GroundTruth_IsReadRight()
    {
        var markdown = Result.Value.ToMarkdown();
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "judge-validation.md"), markdown);
        output.WriteLine(markdown);

        AssertShares(Result.Value.Accuracy.Where(pair => pair.Key.Loss == "truth"), 0.95);
    }

    [Fact]
    public void Judge_AfterLosses_IsReadNearlyAsWell()
    {
        var byAspect = Result.Value.Accuracy.Where(pair => pair.Key.Loss != "truth").GroupBy(pair => pair.Key.Aspect);

        Assert.All(byAspect, aspect => Assert.InRange(
            (double)aspect.Sum(pair => pair.Value.Right) / aspect.Sum(pair => pair.Value.All), aspect.Key == Aspect.Land ? 0.85 : 0.93, 1));
    }

    [Fact]
    public void Judge_OtherValue_IsRejected() => AssertShares(Result.Value.Rejection.Where(pair => pair.Key.Wrong == "other value"), 0.97);

    [Fact]
    public void Judge_WrongVideos_AreRejected()
    {
        AssertShares(Result.Value.Rejection.Where(pair => pair.Key.Wrong is "reversed" or "mirrored"), 0.9);
        AssertShares(Result.Value.Rejection.Where(pair => pair.Key.Wrong is "frozen" or "black" or "grey noise" && pair.Key.Aspect == Aspect.Motion), 1);
        AssertShares(Result.Value.Rejection.Where(pair => pair.Key.Wrong == "shuffled" && pair.Key.Aspect == Aspect.Motion), 0.97);
        AssertShares(Result.Value.Rejection.Where(pair => pair.Key.Wrong is "black" or "grey noise"), 0.97);
    }

    [Fact]
    public void Judge_ClipsOfAnotherFamily_AreRejected() => Assert.InRange(Result.Value.ForeignClips.Share, 0.98, 1);

    private static void AssertShares<TKey>(IEnumerable<KeyValuePair<TKey, Score>> scores, double least)
    {
        var all = scores.ToArray();
        Assert.NotEmpty(all);
        Assert.All(all, pair => Assert.True(pair.Value.Share >= least, $"{pair.Key}: {pair.Value} %, at least {100 * least} % are expected."));
    }
}
