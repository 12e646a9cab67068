using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using XVideo.Comparison.Plots;
using XVideo.Comparison.Results;

namespace XVideo.Comparison.Tests;

/// <summary>The plot as a picture that a machine can read.</summary>
public sealed partial class FidelityPlotTests
{
    [Fact]
    public void Draw_Grid_HasAMarkForEachSettingInsideTheFrame()
    {
        var marks = Marks(FidelityPlot.Draw(PageSample.Grid(3))!);

        Assert.Equal(81, marks.Count);
        // 27 of each colour, and of each colour 9 of each shape.
        Assert.Equal([27, 27, 27], marks.GroupBy(mark => mark.Colour).Select(group => group.Count()));
        Assert.All(marks.GroupBy(mark => (mark.Colour, mark.Shape)), group => Assert.Equal(9, group.Count()));
        Assert.All(marks, mark => Assert.True(mark is { Left: > 46 and < 710, Top: > 84 and < 436 }, $"{mark} is outside the frame"));
    }

    [Fact]
    public void Draw_BetterAndDenserSetting_LiesHigherAndFurtherRight()
    {
        var report = PageSample.Grid(3, small: true);

        var marks = Marks(FidelityPlot.Draw(report)!);

        Assert.Equal(report.Arms.OrderBy(arm => arm.Raw["density"].Mean).Select(arm => arm.Id), report.Arms.OrderBy(arm => arm.Raw["psnr"].Mean).Select(arm => arm.Id));
        Assert.Equal(3, marks.Count);
        Assert.True(marks[0].Left < marks[1].Left && marks[1].Left < marks[2].Left && marks[0].Top > marks[1].Top && marks[1].Top > marks[2].Top, string.Join("; ", marks));
    }

    [Fact]
    public void Draw_FloorAboveAllMarks_IsNamedAndLeavesTheAxisToThem()
    {
        var text = XDocument.Parse(FidelityPlot.Draw(PageSample.Grid(3))!).Root!.Value;

        Assert.Contains("↑ noise floor 45.0 dB", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_InfinitePsnr_LeavesThatMarkOut()
    {
        var report = PageSample.Grid(3, small: true);
        var endless = new ArmStatistic(double.PositiveInfinity, double.PositiveInfinity, 0, double.PositiveInfinity, double.PositiveInfinity);
        report = report with { Arms = [report.Arms[0] with { Raw = new Dictionary<string, ArmStatistic>(report.Arms[0].Raw) { ["psnr"] = endless } }, .. report.Arms.Skip(1)] };

        Assert.Equal(2, Marks(FidelityPlot.Draw(report)!).Count);
    }

    [Fact]
    public void Draw_IntervalToInfinity_EndsAtTheMark()
    {
        var report = PageSample.Grid(3, small: true);
        var psnr = report.Arms[0].Raw["psnr"] with { High = double.PositiveInfinity };
        report = report with { Arms = [report.Arms[0] with { Raw = new Dictionary<string, ArmStatistic>(report.Arms[0].Raw) { ["psnr"] = psnr } }, .. report.Arms.Skip(1)] };

        Assert.DoesNotContain("∞", FidelityPlot.Draw(report)!, StringComparison.Ordinal);
        Assert.Equal(3, Marks(FidelityPlot.Draw(report)!).Count);
    }

    [Fact]
    public void Draw_FilesOrOneSetting_IsNothing()
    {
        Assert.Null(FidelityPlot.Draw(PageSample.Files(("one.mp4", "a", "b"), ("two.mp4", "a", "b"))));
        var report = PageSample.Grid(1, small: true);
        Assert.Null(FidelityPlot.Draw(report with { Arms = [report.Arms[0]] }));
    }

    [Fact]
    public void LinearAxis_AnyValues_HasRoundTicksInsideAndPlacesBetweenItsEnds() => Prop.ForAll(
        Gen.Choose(-100_000, 100_000).Select(value => value / 1000.0).NonEmptyListOf().ToArbitrary(),
        values =>
        {
            var axis = new LinearAxis([.. values], 400, 80, 7);
            return axis.Ticks.Count is >= 2 and <= 16 && axis.Ticks.All(tick => tick >= axis.Low - 1e-9 && tick <= axis.High + 1e-9)
                && axis.Ticks.All(tick => Math.Abs(double.Parse(tick.ToString(axis.Format)) - tick) < 1e-9)
                && values.All(value => axis.At(value) is > 80 and < 400);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    // Marks are the filled paths of the groups; each begins with its middle.
    private static List<(string Colour, string Shape, double Left, double Top)> Marks(string picture) =>
    [
        .. from path in XDocument.Parse(picture).Descendants().Where(element => element.Name.LocalName == "g").Elements()
           where path.Attribute("fill")!.Value != "none"
           from Match mark in Mark().Matches(path.Attribute("d")!.Value)
           select (path.Attribute("fill")!.Value, mark.Groups[3].Value, double.Parse(mark.Groups[1].Value), double.Parse(mark.Groups[2].Value)),
    ];

    [GeneratedRegex("M([0-9.]+),([0-9.]+)([^M]+)")]
    private static partial Regex Mark();
}
