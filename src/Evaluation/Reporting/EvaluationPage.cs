using System.Net;
using System.Text;
using XVideo.Evaluation.Results;

namespace XVideo.Evaluation.Reporting;

/// <summary>A report as one self-contained HTML page: no script, no network.</summary>
internal static class EvaluationPage
{
    private static readonly (string Kind, string Title)[] Kinds =
        [("vBench", "VBench's dimensions"), ("classical", "Measures without networks, of our own"), ("pixelJudge", "Pixel judge: does the clip show what the prompt says?")];

    public static string Html(EvaluationReport report, IReadOnlyList<WorstClip> worst)
    {
        var page = new StringBuilder();
        page.Append($"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Encode(report.Title)}</title>\n<style>\n{Style()}</style>\n");
        page.Append($"<h1>{Encode(report.Title)}</h1>\n<p>{Encode(report.Input)}</p>\n");
        AddTotals(page, report);
        AddDimensions(page, report);
        AddDifferences(page, report);
        AddNotComputed(page, report);
        AddList(page, "How to read this", report.Notes);
        AddLeftOut(page, report);
        AddWorst(page, worst, report);
        AddEnvironment(page, report);
        return page.Append("</html>\n").ToString();
    }

    private static void AddTotals(StringBuilder page, EvaluationReport report)
    {
        foreach (var set in report.Sets.Where(set => set.Totals is not null))
        {
            var totals = set.Totals!;
            page.Append($"<h2>Totals{(report.Sets.Count > 1 ? $" of <code>{Encode(set.Folder)}</code>" : "")}</h2>\n<div class=\"totals\">\n");
            void Add(string name, double? value, string note)
            {
                if (value is { } number) page.Append($"<div>{name}<strong>{Text.Number(number)}</strong><span class=\"note\">{note}</span></div>\n");
            }
            Add("VBench total", totals.Total, "all 16 dimensions");
            Add("VBench quality", totals.Quality, "all 7 dimensions");
            Add("VBench semantic", totals.Semantic, "all 9 dimensions");
            if (totals.Quality is null) Add("Subset mean, quality", totals.SubsetQualityMean, "normalised; not VBench's quality score");
            if (totals.Semantic is null) Add("Subset mean, semantic", totals.SubsetSemanticMean, "normalised; not VBench's semantic score");
            Add("Mean of raw scores", totals.SubsetRawMean, $"{totals.Present.Count} of 16 dimensions");
            page.Append("</div>\n");
        }
    }

    private static void AddDimensions(StringBuilder page, EvaluationReport report)
    {
        foreach (var set in report.Sets)
        {
            page.Append($"<h2>Dimensions{(report.Sets.Count > 1 ? $" of <code>{Encode(set.Folder)}</code>" : "")}</h2>\n<div class=\"scroll\"><table>\n<tr><th>Dimension<th>Raw, 95 % interval<th>Normalised<th>Clips<th></tr>\n");
            foreach (var (kind, title) in Kinds)
            {
                var scores = set.Dimensions.Where(score => score.Kind == kind).ToArray();
                if (scores.Length > 0) page.Append($"<tr class=\"group\"><td colspan=\"5\">{title}</tr>\n");
                foreach (var score in scores) AddRow(page, score);
            }
            page.Append("</table></div>\n");
        }
    }

    private static void AddRow(StringBuilder page, DimensionScore score)
    {
        var interval = score.Interval is { } found ? $"<small>{Value(found.Low, score)} to {Value(found.High, score)}</small>" : "";
        var clips = score.IsImported ? "imported" : score.ClipsWanted is { } wanted ? $"{score.Clips} of {wanted}" : $"{score.Clips}";
        page.Append($"<tr><td>{score.Name}<small>{Encode(DimensionCatalog.Get(score.Name).Meaning)}</small><td class=\"number\">{Value(score.Raw, score)}{Unit(score)}{interval}");
        page.Append($"<td class=\"number\">{(score.Normalized is { } normalized ? Text.Number(normalized) : "")}<td class=\"number\">{clips}<td>{Bar(score)}</tr>\n");
    }

    private static string Bar(DimensionScore score)
    {
        if (score.Unit is not ("score" or "share")) return "";
        double Percent(double value) => 100 * Math.Clamp(value, 0, 1);
        var interval = score.Interval is { } found ? $"<b style=\"left:{Text.Number(Percent(found.Low), "0.##")}%;width:{Text.Number(Percent(found.High) - Percent(found.Low), "0.##")}%\"></b>" : "";
        return $"<div class=\"bar\"><i style=\"width:{Text.Number(Percent(score.Raw), "0.##")}%\"></i>{interval}</div>";
    }

    private static void AddDifferences(StringBuilder page, EvaluationReport report)
    {
        if (report.Sets.Count < 2) return;
        page.Append("<h2>Differences, clip by clip</h2>\n<p>The first folder less the second, over clips of the same names. An interval that holds 0 shows no difference.</p>\n<div class=\"scroll\"><table>\n<tr><th>Dimension<th>First<th>Second<th>Difference, 95 % interval<th>Pairs</tr>\n");
        foreach (var pair in report.Differences)
        {
            var interval = pair.Interval is { } found ? $"<small>{Text.Number(found.Low, "+0.0000;-0.0000")} to {Text.Number(found.High, "+0.0000;-0.0000")}</small>" : "";
            page.Append($"<tr><td>{pair.Name}<td class=\"number\">{Text.Number(pair.Videos)}<td class=\"number\">{Text.Number(pair.Against)}<td class=\"number\">{Text.Number(pair.Difference, "+0.0000;-0.0000;0.0000")}{interval}<td class=\"number\">{pair.Clips}</tr>\n");
        }
        page.Append("</table></div>\n");
        if (report.Unpaired.Count > 0) page.Append($"<p>{report.Unpaired.Count} clips are in one folder only: {Encode(string.Join(", ", report.Unpaired))}.</p>\n");
    }

    private static void AddNotComputed(StringBuilder page, EvaluationReport report)
    {
        if (report.NotComputed.Count == 0) return;
        page.Append("<h2>Not computed</h2>\n<div class=\"scroll\"><table>\n<tr><th>Dimension<th>Why<th>What it needs</tr>\n");
        foreach (var alike in report.NotComputed.GroupBy(missing => (missing.Reason, Files: string.Join('\n', missing.Files))))
            page.Append($"<tr><td>{string.Join("<br>", alike.Select(missing => missing.Name))}<td>{Encode(alike.Key.Reason)}<td>{string.Join("<br>", alike.First().Files.Select(Encode))}</tr>\n");
        page.Append("</table></div>\n");
    }

    private static void AddLeftOut(StringBuilder page, EvaluationReport report)
    {
        var lines = report.Sets.SelectMany(set => set.LeftOut.Select(left => $"{left.Measure}: {left.Clips.Count} with {left.Reason} ({Some(left.Clips)})").Concat(set.Unreadable.Select(clip => $"unreadable: {clip.Problem}")));
        AddList(page, "Clips that were left out", [.. lines]);
    }

    private static void AddWorst(StringBuilder page, IReadOnlyList<WorstClip> worst, EvaluationReport report)
    {
        if (worst.Count == 0) return;
        page.Append("<h2>Worst clips of each dimension</h2>\n");
        foreach (var (clip, scores, png) in worst)
        {
            var values = scores.Select(score => $"{score.Dimension} {Value(score.Value, report.Sets[0].Dimensions.First(dimension => dimension.Name == score.Dimension))}{(score.Note is null ? "" : $" ({score.Note})")}");
            page.Append($"<figure><img alt=\"Frames of {Encode(clip.Name)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\"><figcaption>{Encode(clip.Prompt ?? clip.Name)}<span class=\"note\">{Encode(clip.Name)}: {Encode(string.Join(", ", values))}</span></figcaption></figure>\n");
        }
    }

    private static void AddEnvironment(StringBuilder page, EvaluationReport report)
    {
        page.Append("<details><summary>Environment and weight files</summary>\n<div class=\"scroll\"><table>\n");
        foreach (var line in report.Environment) page.Append($"<tr><td>{Encode(line.Name)}<td>{Encode(line.Value)}</tr>\n");
        foreach (var set in report.Sets) page.Append($"<tr><td>folder<td><code>{Encode(set.Folder)}</code></tr>\n");
        foreach (var file in report.Weights) page.Append($"<tr><td>{Encode(file.Name)}<td><code>{file.Sha256}</code><small>{(file.IsPublished switch { true => "the published file", false => "differs from the published file", _ => "published hash not known, or converted" })}</small></tr>\n");
        page.Append($"<tr><td>made<td>{report.Created:yyyy-MM-dd HH:mm} UTC</tr>\n</table></div></details>\n");
    }

    private static void AddList(StringBuilder page, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0) page.Append($"<h2>{title}</h2>\n<ul>{string.Concat(lines.Select(line => $"<li>{Encode(line)}"))}</ul>\n");
    }

    private static string Some(IReadOnlyList<string> names) => names.Count <= 8 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(8))} and {names.Count - 8} more";

    private static string Value(double value, DimensionScore score) => Text.Number(value, score.Unit is "px" or "levels" ? "0.00" : "0.0000");

    private static string Unit(DimensionScore score) => score.Unit is "px" or "levels" ? $" {score.Unit}" : "";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Style()
    {
        using var stream = typeof(EvaluationPage).Assembly.GetManifestResourceStream("page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
