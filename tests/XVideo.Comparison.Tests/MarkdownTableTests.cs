using XVideo.Comparison.Results;
using XVideo.Comparison.Tables;

namespace XVideo.Comparison.Tests;

/// <summary>The Markdown table of a report.</summary>
public sealed class MarkdownTableTests
{
    [Fact]
    public void Write_Grid_HasARowForEachSettingWithItsBaselinesBeside()
    {
        var report = PageSample.Grid(3);

        var rows = Rows(report);

        Assert.Equal("| setting | density | PSNR, dB | SSIM | MS-SSIM | LPIPS | recall (best) | random | window |", rows[0]);
        Assert.Equal(2 + 28, rows.Length);
        Assert.All(rows, row => Assert.Equal(10, row.Count(letter => letter == '|')));
        var (arm, gain) = (report.Arms[0], report.Gains.First(gain => gain.Measure == "psnr"));
        Assert.Equal((arm.Id, report.Arms[1].Id), (gain.Arm, gain.Baseline));
        var expected = Invariant($"{report.Arms[1].Raw["psnr"].Mean:0.0}; +{gain.Mean:0.0} [{gain.Low:0.0}, {gain.High:0.0}], 3 of 3");
        Assert.StartsWith($"| {arm.Label} | ", rows[2], StringComparison.Ordinal);
        Assert.Equal(expected, rows[2].Split(" | ")[7]);
        // The noise floor has neither recall nor baselines.
        Assert.EndsWith("| – | – | – |", rows[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_BaselineThatIsAhead_ShowsAMinus()
    {
        var report = PageSample.Grid(1);
        report = report with { Gains = [report.Gains[0] with { Mean = -1.25, Low = -2, High = 0.5, Better = 0 }] };

        Assert.EndsWith("; −1.3 [−2.0, 0.5], 0 of 1", Rows(report)[2].Split(" | ")[7], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_InfinitePsnr_ShowsItAsSuch()
    {
        var report = PageSample.Grid(3, small: true);
        var endless = new ArmStatistic(double.PositiveInfinity, double.PositiveInfinity, 0, 31.26, double.PositiveInfinity);
        report = report with { Arms = [report.Arms[0] with { Raw = new Dictionary<string, ArmStatistic>(report.Arms[0].Raw) { ["psnr"] = endless } }] };

        Assert.Equal("∞ [31.3, ∞]", Rows(report)[2].Split(" | ")[2]);
    }

    [Fact]
    public void Write_DecodedFilesAlone_ShowsTheirScores()
    {
        var report = PageSample.Grid(3, small: true);
        report = report with { Arms = [.. report.Arms.Select(arm => arm with { Raw = new Dictionary<string, ArmStatistic> { ["density"] = arm.Raw["density"] } })] };

        Assert.Equal("| setting | density | PSNR, dB | SSIM | MS-SSIM | LPIPS |", Rows(report)[0]);
        Assert.StartsWith(FormattableString.Invariant($"{report.Arms[0].File["psnr"].Mean:0.0} ["), Rows(report)[2].Split(" | ")[2], StringComparison.Ordinal);
        Assert.Contains("decoded files", MarkdownTable.Write(report)!, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ComparisonOfFiles_IsNothing() => Assert.Null(MarkdownTable.Write(PageSample.Files(("one.mp4", "a/one.mp4", "b/one.mp4"))));

    private static string[] Rows(ComparisonReport report) => [.. MarkdownTable.Write(report)!.Split('\n').Where(line => line.StartsWith('|'))];

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
