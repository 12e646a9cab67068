using System.Globalization;
using XVideo.Comparison.Results;

namespace XVideo.Comparison.Tables;

/// <summary>A report's fidelity as a Markdown table: a row for each setting, with its baselines at equal density beside it. Times are not in it.</summary>
public static class MarkdownTable
{
    private static readonly (string Title, string Name, string Format)[] Scores =
        [("PSNR, dB", "psnr", "0.0"), ("SSIM", "ssim", "0.000"), ("MS-SSIM", "msSsim", "0.000"), ("LPIPS", "lpips", "0.000"), ("VMAF", "vmaf", "0.0")];

    /// <summary>Title, a paragraph on how to read it, and the table. Only columns that some row has are there; <see langword="null"/> for a comparison of files, which has no settings.</summary>
    public static string? Write(ComparisonReport report)
    {
        if (report.Arms.All(arm => arm.Method == "file")) return null;
        ArmSummary[] rows = [.. report.Arms.Where(arm => arm.MatchesDensityOf is null)];
        Column[] columns = [.. Columns(report).Where(column => rows.Any(row => column.Cell(row).Length > 0))];
        string[] lines =
        [
            $"# {report.Title}", "", Note(report), "",
            Line(["setting", .. columns.Select(column => column.Title)]), Line(["---", .. columns.Select(_ => "---")]),
            .. rows.Select(row => Line([row.Label, .. columns.Select(column => column.Cell(row) is { Length: > 0 } cell ? cell : "–")])), "",
        ];
        return string.Join('\n', lines);
    }

    private static IEnumerable<Column> Columns(ComparisonReport report)
    {
        var domain = Domain(report);
        IReadOnlyDictionary<string, ArmStatistic> Of(ArmSummary arm) => domain == "raw" ? arm.Raw : arm.File;
        yield return new("density", arm => Mean(arm.Raw, "density", "0.000"));
        yield return new("sparse", arm => Mean(arm.Raw, "sparseDensity", "0.000"));
        foreach (var (title, name, format) in Scores) yield return new(title, arm => name == "psnr" ? WithInterval(Of(arm), name, format) : Mean(Of(arm), name, format));
        yield return new("recall (best)", arm => Mean(arm.Raw, "recall", "0.000") is { Length: > 0 } recall ? $"{recall} ({Mean(arm.Raw, "oracleRecall", "0.000")})" : "");
        foreach (var method in report.Arms.Where(arm => arm.MatchesDensityOf is not null).Select(arm => arm.Method).Distinct())
            yield return new(method, arm => Baseline(report, arm, method, domain, Of));
    }

    private static string Baseline(ComparisonReport report, ArmSummary arm, string method, string domain, Func<ArmSummary, IReadOnlyDictionary<string, ArmStatistic>> of)
    {
        if (report.Arms.FirstOrDefault(other => other.Method == method && other.MatchesDensityOf == arm.Id) is not { } baseline) return "";
        var psnr = Mean(of(baseline), "psnr", "0.0");
        var gain = report.Gains.FirstOrDefault(gain => gain.Baseline == baseline.Id && gain.Domain == domain && gain.Measure == "psnr");
        return gain is null ? psnr : $"{psnr}; {Show(gain.Mean, "+0.0;−0.0")} {Interval(gain.Low, gain.High, "0.0;−0.0")}, {gain.Better} of {gain.Prompts}";
    }

    private static string Note(ComparisonReport report)
    {
        var clips = report.Arms.Max(arm => arm.Clips);
        return $"Means over {clips} {(clips == 1 ? "clip" : "clips")} against full attention, {(Domain(report) == "raw" ? "frames before encoding" : "decoded files")}; in brackets the 95 % bootstrap interval over prompts. "
            + "Density: share of blocks computed, a dense call counting 1; *sparse*: in sparse calls alone. Recall: share of the exact attention weight in the kept blocks, and in the best choice of as many."
            + (report.Gains.Count > 0 ? " Baselines keep as many blocks on the same prompts: their PSNR; how far the setting is ahead of them, prompt by prompt; and on how many prompts." : "");
    }

    private static string Domain(ComparisonReport report) => report.Arms.Any(arm => arm.Raw.ContainsKey("psnr")) ? "raw" : "file";

    private static string Mean(IReadOnlyDictionary<string, ArmStatistic> means, string name, string format) => means.TryGetValue(name, out var one) ? Show(one.Mean, format) : "";

    private static string WithInterval(IReadOnlyDictionary<string, ArmStatistic> means, string name, string format) =>
        means.TryGetValue(name, out var one) ? $"{Show(one.Mean, format)} {Interval(one.Low, one.High, format)}" : "";

    private static string Interval(double low, double high, string format) => $"[{Show(low, format)}, {Show(high, format)}]";

    private static string Show(double value, string format) => double.IsPositiveInfinity(value) ? "∞" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private sealed record Column(string Title, Func<ArmSummary, string> Cell);
}
