namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>
/// Finds for every head how far its threshold can be lowered, by measuring: the best way to spend m reductions over the heads, for every m at once.
/// </summary>
/// <remarks>
/// D[h][m] is the best score when m reductions have been spent on the first h heads: either head h stays as it is, D[h−1][m], or it is lowered once on top
/// of the solution of D[h−1][m−1], and measured. So a search lowers a head at most once; searching again from the result lowers further.
/// Cost: at most heads · reductions measurements.
/// Source: Xu et al. 2025 (arXiv 2503.16428), "minimum threshold prediction".
/// </remarks>
public sealed class ThresholdSearch
{
    private readonly Func<IReadOnlyList<double>, double> _measure;

    /// <param name="measure">The score of a full vector of thresholds, one a head; larger is better, for example the PSNR against dense attention.</param>
    public ThresholdSearch(Func<IReadOnlyList<double>, double> measure) => _measure = measure;

    /// <summary>What a reduction multiplies a threshold by, more than 0 and less than 1. Default 0.9.</summary>
    public double Factor { get; init; } = 0.9;

    /// <summary>Searches.</summary>
    /// <param name="start">Thresholds to start from, one a head, each more than 0 and at most 1.</param>
    /// <param name="reductions">M: the most reductions to spend; more than there are heads find no use.</param>
    /// <param name="cancellation">Looked at before every measurement.</param>
    /// <returns>The best solution of every number of reductions, from 0 up.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<ThresholdSolution> Run(IReadOnlyList<double> start, int reductions, CancellationToken cancellation = default)
    {
        if (start.Count == 0) throw new ArgumentException("There are no thresholds to start from; give one a head.", nameof(start));
        foreach (var value in start)
            if (value is not (> 0 and <= 1)) throw new ArgumentException($"A threshold to start from is {value}; it must be more than 0 and at most 1.", nameof(start));
        if (reductions < 0) throw new ArgumentException($"reductions is {reductions}; it must be at least 0.", nameof(reductions));
        if (Factor is not (> 0 and < 1)) throw new ArgumentException($"Factor is {Factor}; it must be more than 0 and less than 1.");

        List<ThresholdSolution> best = [Measure([.. start], 0, cancellation)];
        for (var head = 0; head < start.Count; head++)
        {
            // From the most reductions down: each needs the solution of one fewer without this head.
            for (var spent = Math.Min(head + 1, reductions); spent >= 1; spent--)
            {
                var lowered = best[spent - 1].Thresholds.ToArray();
                lowered[head] *= Factor;
                var candidate = Measure(lowered, spent, cancellation);
                if (spent == best.Count) best.Add(candidate);
                else if (candidate.Score > best[spent].Score) best[spent] = candidate;
            }
        }
        return best;
    }

    private ThresholdSolution Measure(double[] thresholds, int reductions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ThresholdSolution(reductions, thresholds, _measure(thresholds));
    }
}
