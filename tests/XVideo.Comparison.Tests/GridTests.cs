using XVideo.Comparison.Grid;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;

namespace XVideo.Comparison.Tests;

/// <summary>From what a user writes to arms.</summary>
public sealed class GridTests
{
    private static readonly ModelLimits Limits = ModelLimits.Wan with { LayerCount = 6, HeadCount = 4 };

    private readonly List<string> _problems = [];

    [Fact]
    public void Arms_FullGrid_AreEveryCombinationWithReadableIds()
    {
        var arms = Arms("xattention threshold=0.80,0.925 stride=4,16 dense-warmup=0,10%,5");

        Assert.Empty(_problems);
        Assert.Equal(12, arms.Count);
        Assert.Equal(("xattention-t0.80-s4-w0", "XAttention τ 0.80, stride 4, warm-up 0"), (arms[0].Id, arms[0].Label));
        Assert.Equal(("xattention-t0.80-s4-w10", "XAttention τ 0.80, stride 4, warm-up 10 %"), (arms[1].Id, arms[1].Label));
        Assert.Equal(("xattention-t0.925-s16-w5steps", "XAttention τ 0.925, stride 16, warm-up 5 steps"), (arms[^1].Id, arms[^1].Label));
        Assert.Equal([("threshold", "0.80"), ("stride", "4"), ("dense-warmup", "0")], arms[0].Settings.Select(setting => (setting.Name, setting.Value)));
        Assert.Equal((0.925, 16, 5), (arms[^1].Options.Threshold.Values[0], arms[^1].Options.Stride, arms[^1].Options.DenseWarmup.Of(20)));
    }

    [Fact]
    public void Arms_SeveralSections_KeepTheirOrderAndReadTheWindow()
    {
        var arms = Arms("window window=2x4x4,1x2x3; threshold=0.9; dense");

        Assert.Empty(_problems);
        Assert.Equal(["window-2x4x4-w20", "window-1x2x3-w20", "xattention-t0.90-s8-w20", "dense"], arms.Select(arm => arm.Id));
        Assert.Equal(new(1, 2, 3), arms[1].Options.Window);
    }

    [Fact]
    public void Arms_ThatComeOutEqual_AreThereOnce()
    {
        // Of 20 steps 10 % are 2, and 0.9 is 0.90.
        var arms = Arms("xattention threshold=0.9,0.90 dense-warmup=10%,2; xattention dense-warmup=2; dense; dense");

        Assert.Empty(_problems);
        Assert.Equal(["xattention-t0.90-s8-w10", "dense"], arms.Select(arm => arm.Id));
    }

    [Fact]
    public void Arms_CommonSettings_FillWhatTheGridLeavesOpenWhereTheMethodReadsIt()
    {
        var arms = Arms("xattention stride=4; window; oracle density=0.3", common: new() { Threshold = "0.7", BlockSize = 64 }, insisted: ["threshold", "block-size"]);

        Assert.Empty(_problems);
        Assert.Equal(["xattention-t0.70-s4-w20", "window-2x4x4-w20", "oracle-d0.30-w20"], arms.Select(arm => arm.Id));
        Assert.All(arms, arm => Assert.Equal(64, arm.Options.BlockSize));
    }

    [Fact]
    public void Arms_SettingsThatIdsDoNotShow_AreInTheIdWhereTheGridVariesThem()
    {
        var arms = Arms("xattention threshold=0.9 block-size=64,128 dense-first-layers=1");

        Assert.Equal(["xattention-t0.90-s8-w20-b64-f1", "xattention-t0.90-s8-w20-b128-f1"], arms.Select(arm => arm.Id));
    }

    [Fact]
    public void Baselines_OfEveryThreshold_FollowTheirArmWithItsWarmup()
    {
        var arms = Arms("xattention threshold=0.8,0.9 dense-warmup=10%; oracle density=0.5", ["random", "window"], common: new() { BlockSize = 64 });

        Assert.Empty(_problems);
        Assert.Equal(
            ["xattention-t0.80-s8-w10", "random-as-xattention-t0.80-s8-w10", "window-as-xattention-t0.80-s8-w10", "xattention-t0.90-s8-w10", "random-as-xattention-t0.90-s8-w10", "window-as-xattention-t0.90-s8-w10", "oracle-d0.50-w20"],
            arms.Select(arm => arm.Id));
        var random = arms[1];
        Assert.Equal(("xattention-t0.80-s8-w10", 64, 2), (random.MatchesDensityOf, random.Options.BlockSize, random.Options.DenseWarmup.Of(20)));
        Assert.Equal("random at the density of XAttention τ 0.80, stride 8, warm-up 10 %", random.Label);
        Assert.Equal(0.37, random.AtDensity(0.37).Density);
        Assert.Equal(1, random.AtDensity(null).Density);
        Assert.Null(arms[0].AtDensity(0.37).Density);
    }

    [Fact]
    public void Floor_WithAndWithoutSdpa_TakesAnotherBackend()
    {
        Assert.Equal("floor-sdpa", Arms("xattention", floor: true)[0].Id);
        Assert.Equal("floor-reference", Arms("xattention", floor: true, common: new() { Backend = "sdpa" })[0].Id);
    }

    [Theory]
    [InlineData("xatention threshold=0.9", "grid method \"xatention\" is not known: it must be one of dense, xattention")]
    [InlineData("window threshold=0.9", "grid setting \"threshold\" is not one of window")]
    [InlineData("dense stride=4", "grid setting \"stride\" is not one of dense: it has none.")]
    [InlineData("xattention threshold", "\"threshold\" is not setting=value,value")]
    [InlineData("xattention threshold=0.9,,0.8", "\"threshold=0.9,,0.8\" is not setting=value,value")]
    [InlineData("xattention stride=4 stride=8", "stride is there twice")]
    [InlineData("xattention stride=4.5", "grid stride=4.5 is not usable: it must be a whole number")]
    [InlineData("xattention threshold=1.5", "grid xattention threshold=1.5: threshold")]
    [InlineData("xattention stride=5", "grid xattention stride=5: stride 5 is not usable")]
    [InlineData("xattention threshold=0.9 density=0.5 dense-warmup=ten", "dense-warmup \"ten\" is not usable")]
    [InlineData(" ; ", "it names no method and no setting")]
    public void Arms_WrongGrid_SaysWhatIsWrong(string grid, string sentence)
    {
        Arms(grid);

        Assert.Contains(_problems, problem => problem.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Arms_SeveralMistakes_AreReportedTogether()
    {
        Arms("xattention stride=5; oracle window=1x1x1; xattention threshold=2", ["dense", "radnom"], common: new() { Window = "1,1,1" }, insisted: ["window"]);

        Assert.Equal(6, _problems.Count);
        Assert.Contains(_problems, problem => problem.StartsWith("window 1,1,1 is not usable: no method of the grid has such a setting", StringComparison.Ordinal));
        Assert.Contains(_problems, problem => problem.StartsWith("baselines \"radnom\" is not usable", StringComparison.Ordinal));
    }

    private IReadOnlyList<ComparisonArm> Arms(string grid, string[]? baselines = null, bool floor = false, AttentionRequest? common = null, string[]? insisted = null) =>
        ArmList.Create(
            grid, baselines ?? [], floor, common ?? new(), insisted ?? [], 20,
            attention => RequestValidator.Resolve(new VideoRequest { Prompt = "a ball", Steps = 20, Attention = attention }, ModelDefaults.Wan, Limits), _problems);
}
