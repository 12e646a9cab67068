using System.Globalization;

namespace XVideo.Bench.DiT;

/// <summary>The results of <c>bench dit</c> as tables.</summary>
internal static class DiTReportText
{
    public static void Print(DiTBenchmarkResult result, TextWriter output)
    {
        output.WriteLine($"Machine   {result.Machine}");
        if (result.ClocksBefore is not null || result.ClocksAfter is not null) output.WriteLine($"Clocks    before: {result.ClocksBefore ?? "not read"}; after: {result.ClocksAfter ?? "not read"}");
        output.WriteLine($"Measured  {result.Roofline.Describe()}");
        for (var i = 0; i < result.Protocol.Count; i++) output.WriteLine($"{(i == 0 ? "Protocol" : ""),-10}{result.Protocol[i]}");
        output.WriteLine(FormattableString.Invariant($"Memory    at most {Gib(result.PassMemory.PeakBytes):F2} GiB during the passes ({result.PassMemory.Source})"));
        output.WriteLine();
        PrintPasses(result, output);
        output.WriteLine();
        if (result.Denoise.Count > 0) PrintDenoise(result, output);
        else PrintEstimates(result, output);
        output.WriteLine();
        foreach (var (what, milliseconds) in result.Elsewhere) output.WriteLine(FormattableString.Invariant($"Elsewhere {milliseconds,6:F0} ms  {what}"));
    }

    private static void PrintPasses(DiTBenchmarkResult result, TextWriter output)
    {
        output.WriteLine($"{"density",-9}{"kept",7}{"backend",11}{"forward ms",12}{"min ms",10}{"x dense",9}{"selection",11}{"attention",11}{"products",10}{"rest",9}{"attn TFLOP/s",14}{"prod TFLOP/s",14}");
        foreach (var row in result.Rows)
        {
            var name = row.Density < 1 ? row.Density.ToString("0.###", CultureInfo.InvariantCulture) : "dense";
            var faster = row.Faster is { } ratio ? ratio.ToString("F2", CultureInfo.InvariantCulture) : "-";
            output.WriteLine(FormattableString.Invariant(
                $"{name,-9}{row.Kept,7:F3}{row.Backend,11}{row.ForwardMs,12:F2}{row.LeastMs,10:F2}{faster,9}{row.SelectionMs,11:F2}{row.AttentionMs,11:F2}{row.ProductsMs,10:F2}{row.RestMs,9:F2}{Rate(result.DenseAttentionOperations * row.Kept, row.AttentionMs),14:F2}{Rate(result.ProductOperations, row.ProductsMs),14:F2}"));
        }
    }

    private static void PrintDenoise(DiTBenchmarkResult result, TextWriter output)
    {
        output.WriteLine($"{result.Steps} steps, two passes each, run once (warm-up of sparse ones {DenoiseRow.Warmup}); memory: {result.Denoise[0].MemorySource}");
        output.WriteLine($"{"density",-9}{"kept",7}{"seconds",10}{"x dense",9}{"peak GiB",10}{"growth MiB after step 2",25}");
        var dense = result.Denoise.FirstOrDefault(row => row.Density >= 1)?.Seconds;
        foreach (var row in result.Denoise)
        {
            var name = row.Density < 1 ? row.Density.ToString("0.###", CultureInfo.InvariantCulture) : "dense";
            var faster = dense is { } seconds ? (seconds / row.Seconds).ToString("F2", CultureInfo.InvariantCulture) : "-";
            output.WriteLine(FormattableString.Invariant($"{name,-9}{row.Kept,7:F3}{row.Seconds,10:F2}{faster,9}{Gib(row.PeakBytes),10:F2}{row.GrowthBytes / 1048576.0,25:F1}"));
        }
    }

    private static void PrintEstimates(DiTBenchmarkResult result, TextWriter output)
    {
        if (result.Rows.FirstOrDefault(row => row.Density >= 1) is not { } dense) return;
        var warmup = DenoiseRow.Warmup.Of(result.Steps);
        output.WriteLine($"Estimated from these passes, not run (--denoise runs it): {result.Steps} steps, two passes each, the first {warmup} dense");
        foreach (var row in result.Rows)
        {
            var seconds = 2e-3 * ((warmup * dense.ForwardMs) + ((result.Steps - warmup) * row.ForwardMs));
            output.WriteLine(FormattableString.Invariant($"  density {row.Density:0.###}: {seconds:F1} s"));
        }
    }

    private static double Rate(double operations, double milliseconds) => operations / milliseconds / 1e9;

    private static double Gib(long bytes) => bytes / (double)(1 << 30);
}
