using System.Globalization;
using System.Text.Json;
using XVideo.Evaluation.Results;
using XVideo.Video;

namespace XVideo.Evaluation.Reporting;

/// <summary>Writes a report: <c>evaluation.json</c>, <c>dimensions.csv</c>, <c>clips.csv</c> and <c>evaluation.html</c>. Each file is there whole or not at all.</summary>
internal static class ReportFiles
{
    public static void Write(EvaluationReport report, string folder, string? ffmpegPath, CancellationToken cancellation)
    {
        AtomicFile.Write(Path.Combine(folder, "evaluation.json"), JsonSerializer.Serialize(report, EvaluationJson.Indented) + "\n");
        AtomicFile.Write(Path.Combine(folder, "dimensions.csv"), Dimensions(report));
        AtomicFile.Write(Path.Combine(folder, "clips.csv"), Clips(report));
        AtomicFile.Write(Path.Combine(folder, "evaluation.html"), EvaluationPage.Html(report, WorstClips.Of(report, ffmpegPath, cancellation)));
    }

    private static string Dimensions(EvaluationReport report)
    {
        var table = new CsvTable("folder", "dimension", "kind", "unit", "raw", "low", "high", "normalized", "clips", "clipsWanted", "imported");
        foreach (var set in report.Sets)
            foreach (var score in set.Dimensions)
                table.Add(set.Folder, score.Name, score.Kind, score.Unit, Text.Exact(score.Raw), Exact(score.Interval?.Low), Exact(score.Interval?.High), Exact(score.Normalized), Whole(score.Clips), Whole(score.ClipsWanted), score.IsImported ? "true" : "false");
        return table.ToString();
    }

    private static string Clips(EvaluationReport report)
    {
        var table = new CsvTable("folder", "clip", "prompt", "dimension", "value", "weight", "counts", "note");
        foreach (var set in report.Sets)
            foreach (var clip in set.Clips)
                foreach (var score in clip.Scores)
                    table.Add(set.Folder, clip.Name, clip.Prompt, score.Dimension, Text.Exact(score.Value), Text.Exact(score.Weight), score.Counts ? "true" : "false", score.Note);
        return table.ToString();
    }

    private static string? Exact(double? value) => value is { } number ? Text.Exact(number) : null;

    private static string? Whole(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
