using XVideo.Comparison.Results;
using XVideo.Comparison.Tables;

namespace XVideo.Comparison.Tests;

/// <summary>Rows and quoting of the CSV files.</summary>
public sealed class ReportTablesTests
{
    [Fact]
    public void Pairs_TextWithCommasQuotesAndLines_IsOneCell()
    {
        var rows = ReportTables.Pairs(Report("a \"red\" ball,\nbouncing")).Split("\r\n");

        Assert.Equal(3, rows.Length);
        Assert.StartsWith("prompt,text,seed,arm,label,density,sparseDensity,totalSeconds", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("0,\"a \"\"red\"\" ball,\nbouncing\",7,a,\"A, one\",0.5,,2,1,,,", rows[1], StringComparison.Ordinal);
        Assert.Equal("", rows[2]);
    }

    [Fact]
    public void Arms_OneArm_HasFiveColumnsForEachMeasure()
    {
        var rows = ReportTables.Arms(Report("a ball")).Split("\r\n");

        Assert.Equal("arm,label,method,matchesDensityOf,clips,raw.psnr,raw.psnr.median,raw.psnr.deviation,raw.psnr.low,raw.psnr.high", rows[0]);
        Assert.Equal("a,\"A, one\",xattention,,1,Infinity,30.25,0,1E-07,-4", rows[1]);
    }

    private static ComparisonReport Report(string prompt) => new()
    {
        Title = "test data",
        Created = DateTime.UnixEpoch,
        Version = "test",
        Environment = [],
        Settings = [],
        Prompts = [new() { Index = 0, Text = prompt, Seed = 7 }],
        Arms =
        [
            new()
            {
                Id = "a", Label = "A, one", Method = "xattention", Settings = [], Clips = 1, File = new Dictionary<string, ArmStatistic>(),
                Raw = new Dictionary<string, ArmStatistic> { ["psnr"] = new(double.PositiveInfinity, 30.25, 0, 1e-7, -4) },
            },
        ],
        Pairs = [new() { Prompt = 0, Arm = "a", Density = 0.5, Cost = new() { TotalSeconds = 2, DenoiseSeconds = 1, Backend = "cpu" } }],
        NotComputed = [],
    };
}
