namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>The best that a <see cref="ThresholdSearch"/> found for one number of reductions.</summary>
/// <param name="Reductions">How many reductions were spent.</param>
/// <param name="Thresholds">One a head.</param>
/// <param name="Score">What was measured with them.</param>
public sealed record ThresholdSolution(int Reductions, IReadOnlyList<double> Thresholds, double Score);
