using XVideo.Bench.Plots;

namespace XVideo.Bench.Attention;

/// <summary>How many times faster than dense attention, over the share of the blocks that is kept.</summary>
internal static class AttentionPlot
{
    /// <summary>Writes the picture, and says so.</summary>
    public static void Write(string? path, AttentionBenchmarkResult result, TextWriter output)
    {
        if (path is null) return;
        if (Chart(result) is not { } chart)
        {
            output.WriteLine($"No dense kernel of libtorch could be measured, so there is nothing to compare with: {path} was not written.");
            return;
        }
        chart.Draw().Save(path);
        output.WriteLine($"Wrote     {path}");
    }

    /// <summary>The picture; <see langword="null"/> when no anchor was measured.</summary>
    public static LogChart? Chart(AttentionBenchmarkResult result)
    {
        if (result.Rows.FirstOrDefault(row => row is { Kind: AttentionCase.Anchor, NotAvailable: null }) is not { } anchor) return null;
        var drawn = result.Rows.Where(row => row.Density is not null).ToArray();
        var lines = drawn.GroupBy(row => row.Kind == AttentionCase.Attend ? $"{row.Method}, attention alone" : $"{row.Method}, selection stride {row.Stride}")
            .Select(group => new LogChart.Line(group.Key, [.. group.Select(row => (row.Density!.Value, row.Faster![anchor.Method]))]))
            .Concat(Anchors(result, anchor, drawn)).ToArray();
        string[] shape = [.. result.Shape.Select(size => $"{size}")];
        return new LogChart(
            $"Sparse attention against dense {anchor.Method}",
            $"{result.Machine.Split([',', ';'])[0]}; {shape[1]} heads of {shape[3]}, {shape[2]} tokens, batch {shape[0]}, {result.DType}, {result.Data} data, blocks of {result.BlockSize}",
            "density: share of the blocks that is kept", $"times as fast as dense {anchor.Method}", lines);
    }

    private static IEnumerable<LogChart.Line> Anchors(AttentionBenchmarkResult result, AttentionRow first, IReadOnlyList<AttentionRow> drawn)
    {
        double[] densities = [.. drawn.Select(row => row.Density!.Value).Distinct().Order()];
        if (densities.Length == 0) densities = [0.1, 1];
        foreach (var anchor in result.Rows.Where(row => row is { Kind: AttentionCase.Anchor, NotAvailable: null }))
            yield return new LogChart.Line($"{anchor.Method}, dense", [(densities[0], anchor.Faster![first.Method]), (densities[^1], anchor.Faster![first.Method])], IsReference: true);
        yield return new LogChart.Line("1 / density", [.. densities.Select(density => (density, 1 / density))], IsReference: true);
    }
}
