using System.Globalization;
using XVideo.Cli.Rendering;
using XVideo.Evaluation.Results;

namespace XVideo.Cli.Commands;

/// <summary>An evaluation in plain text.</summary>
internal static class EvaluationTable
{
    /// <param name="report">To print.</param>
    /// <param name="isQuiet">Whether to leave out everything but the scores.</param>
    public static void Print(EvaluationReport report, bool isQuiet)
    {
        foreach (var set in report.Sets)
        {
            if (report.Sets.Count > 1 || !isQuiet) Console.Out.WriteLine($"{set.Folder}: {set.Clips.Count} clips");
            Columns.Print(["dimension", "raw", "95 % interval", "normalised", "clips"], set.Dimensions.Select(Row));
            PrintTotals(set.Totals);
            Console.Out.WriteLine();
        }
        if (report.Differences.Count > 0) PrintDifferences(report);
        if (!isQuiet) PrintRemarks(report);
    }

    private static IReadOnlyList<string> Row(DimensionScore score) =>
    [
        score.Name, Show(score.Raw, score.Unit) + (score.Unit is "px" or "levels" ? $" {score.Unit}" : ""), score.Interval is { } interval ? $"{Show(interval.Low, score.Unit)} to {Show(interval.High, score.Unit)}" : "",
        score.Normalized is { } normalized ? Show(normalized) : "", score.IsImported ? "imported" : score.ClipsWanted is { } wanted ? $"{score.Clips} of {wanted}" : $"{score.Clips}",
    ];

    private static void PrintTotals(TotalScores? totals)
    {
        if (totals is null) return;
        void Print(string name, double? value)
        {
            if (value is { } number) Console.Out.WriteLine($"{name}: {Show(number)}");
        }
        Print("VBench total", totals.Total);
        Print("VBench quality", totals.Quality);
        Print("VBench semantic", totals.Semantic);
        if (totals.Quality is null) Print("mean of a subset of VBench's quality dimensions, normalised", totals.SubsetQualityMean);
        if (totals.Semantic is null) Print("mean of a subset of VBench's semantic dimensions, normalised", totals.SubsetSemanticMean);
        Print($"mean of {totals.Present.Count} raw scores", totals.SubsetRawMean);
    }

    private static void PrintDifferences(EvaluationReport report)
    {
        Console.Out.WriteLine("first folder less second, clip by clip");
        Columns.Print(["dimension", "difference", "95 % interval", "first", "second", "pairs"], report.Differences.Select(pair => (IReadOnlyList<string>)
        [
            pair.Name, Signed(pair.Difference), pair.Interval is { } interval ? $"{Signed(interval.Low)} to {Signed(interval.High)}" : "", Show(pair.Videos), Show(pair.Against), $"{pair.Clips}",
        ]));
        if (report.Unpaired.Count > 0) Console.Out.WriteLine($"in one folder only: {string.Join(", ", report.Unpaired)}");
        Console.Out.WriteLine();
    }

    private static void PrintRemarks(EvaluationReport report)
    {
        if (report.NotComputed.Count > 0) Console.Out.WriteLine("not computed:");
        foreach (var missing in report.NotComputed) Console.Out.WriteLine($"  {missing.Name}: {missing.Reason}{string.Concat(missing.Files.Select(file => $"\n    {file}"))}");
        foreach (var set in report.Sets)
        {
            foreach (var left in set.LeftOut) Console.Out.WriteLine($"left out of {left.Measure}: {left.Clips.Count} clips with {left.Reason}: {Some(left.Clips)}");
            foreach (var clip in set.Unreadable) Console.Out.WriteLine($"unreadable: {clip.Problem}");
        }
        foreach (var file in report.Weights.Where(file => file.IsPublished == false)) Console.Out.WriteLine($"warning: {file.Path} differs from the published {file.Name} (SHA-256 {file.Sha256})");
        Console.Out.WriteLine(report.Input);
        foreach (var note in report.Notes) Console.Out.WriteLine(note);
    }

    private static string Some(IReadOnlyList<string> names) => names.Count <= 5 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(5))} and {names.Count - 5} more";

    private static string Show(double value, string unit = "") => value.ToString(unit is "px" or "levels" ? "0.00" : "0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
