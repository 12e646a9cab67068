namespace XVideo.Metrics.OpticalFlow;

/// <summary>How the pixels of a clip move, by classical optical flow. Lengths are in pixels of a picture whose short side is 256.</summary>
/// <param name="MeanLengths">For each pair of neighbouring frames, the mean length of the flow; at least one pair.</param>
/// <param name="OccludedShares">For each pair, the share of pixels of the first that have no counterpart in the second: hidden, or out of the picture.</param>
/// <param name="WarpErrors">For each pair, the mean difference in levels of 0 to 255 between the first frame and the second brought back along the flow, where nothing is hidden; 0 where all is.</param>
/// <param name="MeanChanges">
/// For each two neighbouring pairs, the mean length of the difference between the flow of a pixel and its flow from where it went; empty for one pair.
/// </param>
public sealed record OpticalFlowScores(IReadOnlyList<double> MeanLengths, IReadOnlyList<double> OccludedShares, IReadOnlyList<double> WarpErrors, IReadOnlyList<double> MeanChanges)
{
    /// <summary>Mean of <see cref="MeanLengths"/>.</summary>
    public double MeanLength => MeanLengths.Average();

    /// <summary>Mean of <see cref="OccludedShares"/>.</summary>
    public double OccludedShare => OccludedShares.Average();

    /// <summary>Mean of <see cref="WarpErrors"/>.</summary>
    public double WarpError => WarpErrors.Average();

    /// <summary>Mean of <see cref="MeanChanges"/>; NaN for fewer than three frames.</summary>
    public double MeanChange => MeanChanges.Count > 0 ? MeanChanges.Average() : double.NaN;
}
