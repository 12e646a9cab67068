namespace XVideo.Metrics.Temporal;

/// <summary>How much a clip changes from frame to frame.</summary>
/// <param name="FrameDifferences">Mean |f(i+1) − f(i)| of each pair of neighbours over pixels and channels, in levels of 0 to 255; at least one pair.</param>
public sealed record TemporalScores(IReadOnlyList<double> FrameDifferences)
{
    /// <summary>Mean of <see cref="FrameDifferences"/>: a plain measure of change that does not tell motion from flicker.</summary>
    public double MeanFrameDifference => FrameDifferences.Average();

    /// <summary>Largest of <see cref="FrameDifferences"/>: a cut or a flash stands out against the mean.</summary>
    public double LargestFrameDifference => FrameDifferences.Max();

    /// <summary>Pairs of neighbours that are equal in every byte: a frozen clip has only such pairs.</summary>
    public int StillPairs => FrameDifferences.Count(difference => difference == 0);

    /// <summary>
    /// VBench's <c>temporal_flickering</c> of this clip, (255 − mean difference)/255; 1 for a still clip. VBench averages it over clips that pass
    /// its static filter alone, which needs RAFT: over other clips the mean is not the published dimension.
    /// </summary>
    public double TemporalFlickering => (255 - MeanFrameDifference) / 255;
}
