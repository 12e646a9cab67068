using System.Globalization;
using System.Text;

namespace XVideo.Train.Evaluation;

/// <summary>A report as a page of tables.</summary>
internal static class MarkdownReport
{
    /// <param name="report">The numbers.</param>
    /// <param name="sheets">The sheet that shows a caption, by its number.</param>
    public static string Of(EvaluationReport report, IReadOnlyDictionary<int, string> sheets)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Evaluation of {report.Model}: {report.Settings["source"]}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{report.Captions} held-out captions ({report.DistinctCaptions} distinct, {report.Combinations} combinations of attributes), read from the pixels by the judge of `src/Judge`. ");
        page.Append("\"Truth\" is the same judge on the renders of the same scenes; relative is right over right there. Brackets: 95 % intervals.\n\n");
        if (report.Builds.Count > 1) page.Append("**The results come from several builds of the judge and may not be comparable.**\n\n");
        page.Append($"- {string.Join(", ", report.Settings.Select(setting => $"{setting.Key} {(setting.Value is "" ? "\"\"" : setting.Value)}"))}\n");
        page.Append($"- {string.Join("; ", report.Machines)}\n");
        page.Append(CultureInfo.InvariantCulture, $"- {report.SecondsPerClip:0.0} s a clip (median){(report.Density is { } density ? $", attention density {Number(density, "0.00")}" : "")}\n\n");
        AddAspects(page, report);
        AddSmoothness(page, report);
        AddFamilies(page, report);
        AddFailures(page, report, sheets);
        return page.ToString();
    }

    private static void AddAspects(StringBuilder page, EvaluationReport report)
    {
        page.Append("## By aspect\n\n| Aspect | Asked | Right | Truth | Relative | Aim |\n|---|---|---|---|---|---|\n");
        foreach (var score in report.Aspects)
        {
            var verdict = score.Aim is not { } aim ? "" : $"{Percent(aim)} {(score.Relative?.Value >= aim ? "met" : "**missed**")}";
            page.Append($"| {Words(score.Aspect)} | {score.Asked} | {Interval(score.Rate)} | {Percent(score.TruthRate.Value)} | {(score.Relative is { } relative ? Interval(relative) : "")} | {verdict} |\n");
        }
        if (report is { AllRight: { } all, TruthAllRight: { } truth }) page.Append($"| all of a caption | {report.Judged} | {Interval(all)} | {Percent(truth.Value)} | | |\n");
        page.Append('\n');
    }

    private static void AddSmoothness(StringBuilder page, EvaluationReport report)
    {
        page.Append("## Pixels\n\n");
        page.Append($"Temporal flickering (VBench's score, 1 is still): {Number(report.Flicker, "0.0000")}, truth {Number(report.TruthFlicker, "0.0000")}, difference {Number(report.Flicker - report.TruthFlicker, "+0.0000;-0.0000")} (aim: not below -0.01).\n\n");
        if (report.Psnr is { } psnr)
            page.Append($"PSNR of a clip: {Number(psnr.Mean, "0.00")} dB in the mean, {Number(psnr.Median, "0.00")} in the median, {Number(psnr.Worst, "0.00")} at worst (caption {psnr.WorstCaption}); aim 32 in the mean.\n\n");
    }

    private static void AddFamilies(StringBuilder page, EvaluationReport report)
    {
        string[] aspects = [.. report.Aspects.Select(score => score.Aspect)];
        page.Append("## By family\n\nRight of asked; in brackets what the judge reads right on the truth, where that is less than asked.\n\n");
        page.Append($"| Family | All right | {string.Join(" | ", aspects.Select(Words))} |\n|---|---|{string.Concat(aspects.Select(_ => "---|"))}\n");
        foreach (var family in report.Families)
        {
            var cells = aspects.Select(name => family.Aspects.FirstOrDefault(score => score.Aspect == name) is { } score ? Of(score.Right, score.Asked, score.TruthRight) : "");
            page.Append($"| {family.Family} | {Of(family.AllRight, family.Judged, family.TruthAllRight)} | {string.Join(" | ", cells)} |\n");
        }
        page.Append('\n');
    }

    private static void AddFailures(StringBuilder page, EvaluationReport report, IReadOnlyDictionary<int, string> sheets)
    {
        page.Append($"## Failures\n\n{report.Failures.Count} of {report.Judged} judged captions have something wrong. A star marks what the judge reads wrong on the truth too.\n\n");
        if (report.Failures.Count == 0) return;
        page.Append("| Caption | Asked for and seen | Sheet |\n|---|---|---|\n");
        foreach (var failure in report.Failures)
        {
            var wrong = failure.Judged.Zip(failure.Truth).Where(pair => !pair.First.IsRight)
                .Select(pair => $"{Words(pair.First.Aspect)} {pair.First.Expected} → {pair.First.Seen ?? "unreadable"}{(pair.Second.IsRight ? "" : "\\*")}");
            page.Append($"| {failure.Index}. {failure.Caption} ({failure.Family}) | {string.Join(", ", wrong)} | {sheets.GetValueOrDefault(failure.Index)} |\n");
        }
    }

    private static string Of(int right, int asked, int truth) => $"{right}/{asked}{(truth < asked ? $" ({truth})" : "")}";

    // "SecondColor" is "second color".
    private static string Words(string name) => string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static string Interval(Share share) => $"{Percent(share.Value)} [{Number(100 * share.Low, "0.0")}, {Number(100 * share.High, "0.0")}]";

    private static string Percent(double share) => $"{Number(100 * share, "0.0")} %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
