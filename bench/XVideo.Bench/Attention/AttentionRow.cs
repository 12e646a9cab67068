namespace XVideo.Bench.Attention;

/// <summary>One measured line of the table, and of the JSON.</summary>
/// <param name="Kind">anchor, dense, attend, select or xattention.</param>
/// <param name="Method">Anchor or backend.</param>
/// <param name="Density">Share of the blocks that is kept.</param>
/// <param name="Stride">Of the selection.</param>
/// <param name="MedianMs">Of the rounds.</param>
/// <param name="LeastMs">Of the rounds.</param>
/// <param name="TeraOperationsPerSecond">Over the median; of the kept pairs only.</param>
/// <param name="FloorMs">What the machine's matrix rate and bandwidth allow at best.</param>
/// <param name="Limit">Which of them decides: compute or bytes.</param>
/// <param name="RooflineShare">Floor through median.</param>
/// <param name="Faster">For every anchor: its median through this one.</param>
/// <param name="NotAvailable">Why it was not measured; then there are no figures.</param>
internal sealed record AttentionRow(
    string Kind, string Method, double? Density, int? Stride, double? MedianMs = null, double? LeastMs = null, double? TeraOperationsPerSecond = null,
    double? FloorMs = null, string? Limit = null, double? RooflineShare = null, IReadOnlyDictionary<string, double>? Faster = null, string? NotAvailable = null)
{
    /// <summary>What was measured.</summary>
    /// <param name="measured">After its rounds.</param>
    /// <param name="anchors">Medians of the anchors by name, ms.</param>
    public static AttentionRow Of(AttentionCase measured, IReadOnlyDictionary<string, double> anchors)
    {
        var median = measured.Work.MedianMs;
        return new AttentionRow(
            measured.Kind, measured.Method, measured.Density, measured.Stride, median, measured.Work.LeastMs, measured.Operations / median / 1e9,
            measured.Floor.Ms, measured.Floor.Limit, measured.Floor.Ms / median, anchors.ToDictionary(anchor => anchor.Key, anchor => anchor.Value / median));
    }
}
