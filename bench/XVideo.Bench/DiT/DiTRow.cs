using XVideo.SparseAttention;

namespace XVideo.Bench.DiT;

/// <summary>One pass at one density, and what it is made of.</summary>
/// <param name="Density">As asked for; 1 is dense attention.</param>
/// <param name="Kept">As it came out.</param>
/// <param name="Backend">What computed self-attention.</param>
/// <param name="ForwardMs">A pass, median.</param>
/// <param name="LeastMs">A pass, least.</param>
/// <param name="SelectionMs">Choosing blocks, all layers, median.</param>
/// <param name="AttentionMs">Self-attention, all layers, median.</param>
/// <param name="ProductsMs">The linear layers of all blocks, measured alone.</param>
/// <param name="RestMs">What is left: norms, rotary positions, activations, cross-attention, gaps.</param>
/// <param name="Faster">The dense pass through this one; <see langword="null"/> when no dense one was measured.</param>
internal sealed record DiTRow(
    double Density, double Kept, string Backend, double ForwardMs, double LeastMs, double SelectionMs, double AttentionMs, double ProductsMs, double RestMs, double? Faster)
{
    /// <summary>From what was measured.</summary>
    /// <param name="density">As asked for.</param>
    /// <param name="report">Of the plan.</param>
    /// <param name="firstStep">Passes before it were warm-ups.</param>
    /// <param name="forward">Median and least time of a pass, ms.</param>
    /// <param name="productsMs">Of the linear layers.</param>
    /// <param name="denseMs">Of a dense pass.</param>
    public static DiTRow Of(double density, AttentionReport report, int firstStep, (double Median, double Least) forward, double productsMs, double? denseMs)
    {
        var passes = report.Entries.Where(entry => entry.Step >= firstStep).GroupBy(entry => entry.Step).ToArray();
        double Median(Func<AttentionReportEntry, TimeSpan?> part) =>
            passes.Select(pass => pass.Sum(entry => part(entry)?.TotalMilliseconds ?? 0)).Order().ElementAt(passes.Length / 2);
        var (selection, attention) = (Median(entry => entry.SelectionTime), Median(entry => entry.AttentionTime));
        return new DiTRow(
            density, report.Density, report.Backend, forward.Median, forward.Least, selection, attention, productsMs, forward.Median - selection - attention - productsMs, denseMs / forward.Median);
    }
}
