using XVideo.Comparison.Page;
using XVideo.Comparison.Plots;
using XVideo.Comparison.Results;
using XVideo.Video;

namespace XVideo.Comparison.Tables;

/// <summary>A report as files: <c>report.json</c>, <c>pairs.csv</c>, <c>arms.csv</c>, <c>table.md</c>, <c>scatter.svg</c>, <c>index.html</c>.</summary>
public static class ReportFiles
{
    /// <summary>Writes all of them over older ones, each whole or not at all; table and plot only where there are settings.</summary>
    /// <param name="report">What they are made of.</param>
    /// <param name="folder">That of the report, which exists.</param>
    /// <exception cref="VideoOutputException">The folder cannot be written.</exception>
    public static void Write(ComparisonReport report, string folder)
    {
        AtomicFile.Write(Path.Combine(folder, "report.json"), ComparisonJson.Write(report) + "\n");
        AtomicFile.Write(Path.Combine(folder, "pairs.csv"), ReportTables.Pairs(report));
        AtomicFile.Write(Path.Combine(folder, "arms.csv"), ReportTables.Arms(report));
        if (MarkdownTable.Write(report) is { } table) AtomicFile.Write(Path.Combine(folder, "table.md"), table);
        if (FidelityPlot.Draw(report) is { } plot) AtomicFile.Write(Path.Combine(folder, "scatter.svg"), plot);
        ComparisonPage.Write(report, folder);
    }
}
