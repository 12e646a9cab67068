using System.Globalization;

namespace XVideo.Bench.Attention;

/// <summary>The results of <c>bench attention</c> as a table.</summary>
internal static class AttentionReportText
{
    public static void Print(AttentionBenchmarkResult result, IReadOnlyList<string> anchors, TextWriter output)
    {
        output.WriteLine($"Machine   {result.Machine}");
        if (result.ClocksBefore is not null || result.ClocksAfter is not null) output.WriteLine($"Clocks    before: {result.ClocksBefore ?? "not read"}; after: {result.ClocksAfter ?? "not read"}");
        output.WriteLine($"Measured  {result.RooflineText}");
        for (var i = 0; i < result.Protocol.Count; i++) output.WriteLine($"{(i == 0 ? "Protocol" : ""),-10}{result.Protocol[i]}");
        foreach (var memory in result.SelectionMemory) output.WriteLine($"Memory    {memory.Describe()}");
        output.WriteLine();
        output.WriteLine($"{"what",-12}{"method",-12}{"density",8}{"stride",8}{"median ms",12}{"min ms",10}{"TFLOP/s",10}{string.Concat(anchors.Select(anchor => $"{"x " + anchor,10}"))}{"limit",10}{"floor ms",10}{"of it",8}");
        foreach (var row in result.Rows) output.WriteLine(Line(row, anchors));
    }

    private static string Line(AttentionRow row, IReadOnlyList<string> anchors)
    {
        if (row.NotAvailable is { } reason) return $"{row.Kind,-12}{row.Method,-12}not available: {reason.ReplaceLineEndings(" ")}";
        var faster = string.Concat(anchors.Select(anchor => row.Faster!.TryGetValue(anchor, out var ratio) ? Number(ratio, "F2", 10) : $"{"-",10}"));
        return $"{row.Kind,-12}{row.Method,-12}{(row.Density is { } density ? Number(density, "F3", 8) : $"{"",8}")}{row.Stride,8}{Number(row.MedianMs!.Value, "F3", 12)}{Number(row.LeastMs!.Value, "F3", 10)}"
            + $"{Number(row.TeraOperationsPerSecond!.Value, row.TeraOperationsPerSecond < 10 ? "F3" : "F1", 10)}{faster}{row.Limit,10}{Number(row.FloorMs!.Value, "F3", 10)}{Number(100 * row.RooflineShare!.Value, "F0", 7)}%";
    }

    private static string Number(double value, string format, int width) => value.ToString(format, CultureInfo.InvariantCulture).PadLeft(width);
}
