using XVideo.Evaluation.Results;
using XVideo.Evaluation.Scoring;
using XVideo.Evaluation.Statistics;

namespace XVideo.Evaluation.Tests;

public sealed class MeansTests
{
    private static readonly DimensionInfo Subject = DimensionCatalog.Get("subject_consistency");

    [Fact]
    public void Mean_OfClipsOfDifferentLengths_IsOverFrames()
    {
        var score = DimensionMeans.Of(Subject, [Clip("a", "p", 0.9, 10), Clip("b", "q", 0.6, 30), Clip("c", "r", 0, 99, counts: false)], 15)!;
        Assert.Equal((0.9 * 10 + 0.6 * 30) / 40, score.Raw, 1e-12);
        Assert.Equal((score.Raw - 0.1462) / (1 - 0.1462), score.Normalized!.Value, 1e-12);
        Assert.Equal((2, 15), (score.Clips, score.ClipsWanted));
        Assert.Null(DimensionMeans.Of(Subject, [Clip("a", "p", 1, 1, counts: false)], null));
    }

    [Fact]
    public void Interval_OfManyPrompts_HoldsTheMeanAndRepeats()
    {
        var clips = Enumerable.Range(0, 40).Select(i => Clip($"{i}", $"p{i}", i / 40.0, 1)).ToArray();
        var (one, two) = (DimensionMeans.Of(Subject, clips, null)!, DimensionMeans.Of(Subject, clips, null)!);
        Assert.Equal(one.Interval, two.Interval);
        // The mean of 40 values from 0 to 1 has a standard error of 0.289/√40.
        Assert.Equal(one.Raw - 1.96 * 0.289 / Math.Sqrt(40), one.Interval!.Low, 0.01);
        Assert.Equal(one.Raw + 1.96 * 0.289 / Math.Sqrt(40), one.Interval.High, 0.01);
    }

    [Fact]
    public void Interval_OfManyClipsOfFewPrompts_CountsPrompts()
    {
        // Five alike clips of a prompt are no five witnesses.
        var alike = Enumerable.Range(0, 50).Select(i => Clip($"{i}", $"p{i / 5}", i / 5 / 10.0, 1)).ToArray();
        var single = Enumerable.Range(0, 10).Select(i => Clip($"{i}", $"p{i}", i / 10.0, 1)).ToArray();
        Assert.Equal(DimensionMeans.Of(Subject, single, null)!.Interval, DimensionMeans.Of(Subject, alike, null)!.Interval);
        Assert.Null(DimensionMeans.Of(Subject, alike[..5], null)!.Interval);
        // Without prompts every clip stands for itself.
        Assert.NotNull(DimensionMeans.Of(Subject, [Clip("a", null, 1, 1), Clip("b", null, 0, 1)], null)!.Interval);
    }

    [Fact]
    public void Difference_OfPairs_IsNarrowerThanTheSpreadOfClips()
    {
        var first = Enumerable.Range(0, 30).Select(i => Clip($"{i}", $"p{i}", i / 30.0, 1)).ToArray();
        var second = Enumerable.Range(0, 31).Select(i => Clip($"{i}", $"p{i}", i / 30.0 - 0.01 - 0.001 * (i % 3), 1)).ToArray();
        var difference = DimensionMeans.Difference(Subject, first, second)!;
        Assert.Equal(30, difference.Clips);
        Assert.Equal(0.011, difference.Difference, 1e-9);
        Assert.Equal(difference.Videos - difference.Against, difference.Difference, 1e-12);
        Assert.InRange(difference.Interval!.Low, 0.0105, 0.011);
        Assert.InRange(difference.Interval.High, 0.011, 0.0115);
        Assert.Null(DimensionMeans.Difference(Subject, first[..1], second[1..2]));
    }

    [Fact]
    public void Bootstrap_OfOnePromptOrEqualOnes_SaysNothing()
    {
        Assert.Null(Bootstrap.OfMean([new WeightedSum(1, 2)]));
        // Five of five clips right do not prove that all will be.
        Assert.Null(Bootstrap.OfMean([new WeightedSum(1, 2), new WeightedSum(3, 6)]));
        Assert.Equal(new Interval(0.25, 0.75), Bootstrap.OfMean([new WeightedSum(1, 4), new WeightedSum(3, 4)]));
    }

    [Fact]
    public void Totals_OfAllSixteen_AreThePublishedVector()
    {
        Dictionary<string, double> raw = new()
        {
            ["subject_consistency"] = .95, ["background_consistency"] = .96, ["temporal_flickering"] = .99, ["motion_smoothness"] = .99, ["dynamic_degree"] = .6, ["aesthetic_quality"] = .6,
            ["imaging_quality"] = .65, ["object_class"] = .9, ["multiple_objects"] = .7, ["human_action"] = .95, ["color"] = .9, ["spatial_relationship"] = .7, ["scene"] = .5,
            ["appearance_style"] = .2, ["temporal_style"] = .24, ["overall_consistency"] = .26,
        };
        var scores = raw.Select(pair => DimensionMeans.Imported(DimensionCatalog.Get(pair.Key), pair.Value)).ToArray();
        var totals = DimensionMeans.Totals(scores)!;
        Assert.Equal(0.8145235572972368, totals.Total!.Value, 1e-12);
        Assert.Empty(totals.Missing);
        var without = DimensionMeans.Totals(scores.Where(score => score.Name != "scene"))!;
        Assert.Null(without.Total);
        Assert.Null(without.Semantic);
        Assert.Equal(0.8283953001459973, without.Quality!.Value, 1e-12);
        Assert.Equal(["scene"], without.Missing);
        Assert.NotNull(without.SubsetSemanticMean);
        // Our own dimensions are no part of any total.
        Assert.Null(DimensionMeans.Totals([DimensionMeans.Imported(DimensionCatalog.Get(Names.FlowMagnitude), 1)]));
    }

    private static ClipResult Clip(string name, string? prompt, double value, double weight, bool counts = true) => new()
    {
        Name = name, Path = name, Prompt = prompt, PromptOrigin = "list", Sha256 = "", Width = 1, Height = 1, FrameCount = 2, Scores = [new ClipScore(Subject.Name, value, weight, counts, null)],
    };
}
