using System.Globalization;
using XVideo.Comparison.Results;

namespace XVideo.Cli.Rendering;

/// <summary>A comparison in plain text: a row for each setting, or for each pair of files.</summary>
internal static class ComparisonTable
{
    private static readonly (string Title, string Name, string Format)[] Scores =
        [("PSNR", "psnr", "0.00"), ("SSIM", "ssim", "0.0000"), ("MS-SSIM", "msSsim", "0.0000"), ("LPIPS", "lpips", "0.0000"), ("VMAF", "vmaf", "0.0"), ("flickering", "temporalFlickering", "0.0000")];

    private static readonly (string Title, string Name, string Format)[] Costs =
    [
        ("density", "density", "0.000"), ("speed-up", "speedup", "0.00"), ("denoise", "denoiseSpeedup", "0.00"), ("attention", "attentionSpeedup", "0.00"), ("recall", "recall", "0.000"),
    ];

    /// <summary>Prints it on standard output; what was not computed follows on standard error.</summary>
    public static void Print(ComparisonReport report)
    {
        if (report.Arms is [{ Method: "file" } files]) PrintFiles(report, files);
        else PrintArms(report);
        foreach (var missing in report.NotComputed) Console.Error.WriteLine($"not computed: {missing.Name} ({missing.Value})");
    }

    private static void PrintArms(ComparisonReport report)
    {
        var isRaw = report.Arms.Any(arm => arm.Raw.ContainsKey("psnr"));
        IReadOnlyDictionary<string, ArmStatistic> Of(ArmSummary arm) => isRaw ? arm.Raw : arm.File;
        var scores = Scores.Where(score => report.Arms.Any(arm => Of(arm).ContainsKey(score.Name))).ToArray();
        var costs = Costs.Where(cost => report.Arms.Any(arm => arm.Raw.ContainsKey(cost.Name))).ToArray();
        Console.Out.WriteLine($"{report.Title}; {(isRaw ? "frames before encoding" : "decoded files")}, times against full attention, 95 % intervals in report.json");
        Columns.Print(
            [.. costs.Select(cost => cost.Title), .. scores.Select(score => score.Title), "setting"],
            report.Arms.Select(arm => (IReadOnlyList<string>)
                [.. costs.Select(cost => Show(arm.Raw.GetValueOrDefault(cost.Name)?.Mean, cost.Format)), .. scores.Select(score => Show(Of(arm).GetValueOrDefault(score.Name)?.Mean, score.Format)), arm.Label]));
    }

    private static void PrintFiles(ComparisonReport report, ArmSummary arm)
    {
        var scores = Scores.Where(score => arm.File.ContainsKey(score.Name)).ToArray();
        IReadOnlyList<string> mean = [.. scores.Select(score => Show(arm.File[score.Name].Mean, score.Format)), "mean"];
        Columns.Print(
            [.. scores.Select(score => score.Title), "file"],
            [
                .. report.Pairs.Select(pair => (IReadOnlyList<string>)
                    [.. scores.Select(score => Show(pair.File!.Means.TryGetValue(score.Name, out var value) ? value : null, score.Format)), report.Prompts[pair.Prompt].Text]),
                .. report.Pairs.Count > 1 ? [mean] : Array.Empty<IReadOnlyList<string>>(),
            ]);
    }

    private static string Show(double? value, string format) => value switch
    {
        null => "-",
        { } number when double.IsInfinity(number) => "∞",
        { } number => number.ToString(format, CultureInfo.InvariantCulture),
    };
}
