namespace XVideo.Metrics.Temporal;

/// <summary>How far things move in a clip, by block matching.</summary>
/// <param name="PairLengths">
/// For each pair of frames looked at, the mean length of the longest 5 % of its blocks' vectors, in pixels of a frame whose short side is 256;
/// at least one pair.
/// </param>
public sealed record MotionProxyScores(IReadOnlyList<double> PairLengths)
{
    private const double Threshold = 6;

    /// <summary>Mean of <see cref="PairLengths"/>.</summary>
    public double MeanLength => PairLengths.Average();

    /// <summary>Whether pairs that exceed 6 pixels number at least a quarter of the frames looked at (rounded half to even), and at least one.</summary>
    public bool IsMoving => PairLengths.Count(length => length > Threshold) >= Math.Max(1, (int)Math.Round(4 * (PairLengths.Count + 1) / 16.0));
}
