using XVideo.Metrics.VBench;

namespace XVideo.Metrics.Tests.VBench;

public sealed class VBenchTotalsTests
{
    // metrics.md 2.2.
    private static Dictionary<string, double> Complete() => new()
    {
        ["subject_consistency"] = 0.95, ["background_consistency"] = 0.96, ["temporal_flickering"] = 0.99, ["motion_smoothness"] = 0.99,
        ["dynamic_degree"] = 0.6, ["aesthetic_quality"] = 0.6, ["imaging_quality"] = 0.65,
        ["object_class"] = 0.9, ["multiple_objects"] = 0.7, ["human_action"] = 0.95, ["color"] = 0.9, ["spatial_relationship"] = 0.7,
        ["scene"] = 0.5, ["appearance_style"] = 0.2, ["temporal_style"] = 0.24, ["overall_consistency"] = 0.26,
    };

    private static readonly string[] Dimensions = [.. Complete().Keys];

    public static TheoryData<string> EveryDimension => new(Dimensions);

    [Fact]
    public void Of_AllDimensions_GivesThePublishedTotals()
    {
        var totals = VBenchTotals.Of(Complete());
        Assert.Equal(0.8283953001459973, totals.Quality!.Value, 1e-12);
        Assert.Equal(0.7590365859021948, totals.Semantic!.Value, 1e-12);
        Assert.Equal(0.8145235572972368, totals.Total!.Value, 1e-12);
        Assert.Empty(totals.Missing);
        Assert.Equal(16, totals.Normalized.Count);
        Assert.Equal(0.6, totals.Normalized["dynamic_degree"]);
    }

    [Theory]
    [MemberData(nameof(EveryDimension))]
    public void Of_OneDimensionMissing_GivesNoTotal(string missing)
    {
        var raw = Complete();
        raw.Remove(missing);
        var totals = VBenchTotals.Of(raw);
        var isQuality = VBenchDimension.All.Single(dimension => dimension.Name == missing).Group == VBenchGroup.Quality;
        Assert.Null(totals.Total);
        Assert.Equal((isQuality, !isQuality), (totals.Quality is null, totals.Semantic is null));
        Assert.Equal([missing], totals.Missing);
        Assert.NotNull(totals.QualityMean);
        Assert.Equal(raw.Values.Average(), totals.RawMean, 1e-15);
    }

    [Fact]
    public void Of_FewDimensions_GivesTheirMeansAlone()
    {
        var totals = VBenchTotals.Of(new Dictionary<string, double> { ["dynamic_degree"] = 1, ["imaging_quality"] = 0.4 });
        // Weights 0.5 and 1.
        Assert.Equal(0.6, totals.QualityMean!.Value, 1e-15);
        Assert.Equal(0.7, totals.RawMean, 1e-15);
        Assert.Null(totals.SemanticMean);
        Assert.Equal(14, totals.Missing.Count);
    }

    [Fact]
    public void Normalize_BeyondVBenchsRange_IsNotClamped()
    {
        var totals = VBenchTotals.Of(new Dictionary<string, double> { ["motion_smoothness"] = 1, ["subject_consistency"] = 0 });
        Assert.Equal(0.294 / 0.2915, totals.Normalized["motion_smoothness"], 1e-12);
        Assert.Equal(-0.1462 / 0.8538, totals.Normalized["subject_consistency"], 1e-12);
    }

    [Fact]
    public void All_Weights_SumToThoseOfTheTotals()
    {
        double Weight(VBenchGroup group) => VBenchDimension.All.Where(dimension => dimension.Group == group).Sum(dimension => dimension.Weight);
        Assert.Equal((6.5, 9.0), (Weight(VBenchGroup.Quality), Weight(VBenchGroup.Semantic)));
    }

    [Fact]
    public void Of_UnusableScores_NamesAllOfThem()
    {
        var raw = new Dictionary<string, double> { ["imaging_quality"] = 65, ["color"] = double.NaN, ["motion_proxy"] = 0.5 };
        var message = Assert.Throws<ArgumentException>(() => VBenchTotals.Of(raw)).Message;
        Assert.Contains("imaging_quality is 65; raw scores are numbers from -1 to 1", message);
        Assert.Contains("color is NaN", message);
        Assert.Contains("\"motion_proxy\" is not a dimension (they are subject_consistency, ", message);
        Assert.Contains("there are no scores", Assert.Throws<ArgumentException>(() => VBenchTotals.Of(new Dictionary<string, double>())).Message);
    }
}
