using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>
/// Finds a threshold for every head of one layer from what its true attention needs: cheaper than a <see cref="ThresholdSearch"/>, since each call of the
/// layer is looked at once and no video is made anew.
/// </summary>
/// <remarks>
/// For each row of blocks: the fewest blocks that hold the coverage of the true weight; the lowest antidiagonal score among them; and the share of the
/// row's score in blocks that score at least as much. That share is the threshold with which exactly those blocks are selected. A head's threshold is the
/// mean over its rows, and the largest over everything that was added. The published procedure does not say how rows combine; the largest row would make
/// almost every head dense.
/// </remarks>
public sealed class ThresholdCalibration
{
    private readonly int _stride;
    private readonly double _coverage;
    private double[] _thresholds = [];

    /// <param name="stride">S, one of <see cref="XAttentionSettings.Strides"/>.</param>
    /// <param name="coverage">Share of the true weight that the selection must hold, more than 0 to 1. Default 0.9.</param>
    public ThresholdCalibration(int stride, double coverage = 0.9)
    {
        if (coverage is not (> 0 and <= 1)) throw new ArgumentException($"coverage is {coverage}; it must be more than 0 and at most 1.", nameof(coverage));
        (_stride, _coverage) = (stride, coverage);
    }

    /// <summary>The thresholds so far, one a head; empty before the first <see cref="Add"/>.</summary>
    public IReadOnlyList<double> Thresholds => _thresholds;

    /// <summary>Looks at one attention call.</summary>
    /// <param name="query">[B, N, Sq, D].</param>
    /// <param name="key">[B, N, Sk, D].</param>
    /// <param name="layout">How they are cut.</param>
    /// <exception cref="ArgumentException">The number of heads differs from earlier calls.</exception>
    public void Add(Tensor query, Tensor key, BlockLayout layout)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var chooser = new BlockChooser(new SelectionRule { Threshold = _coverage });
        var needed = chooser.Choose(BlockMass.Compute(query, key, layout), layout with { Pinned = default }).ToMask();
        var scores = AntidiagonalScores.Compute(query, key, layout, _stride).to(ScalarType.Float64);
        var lowest = scores.masked_fill(needed.logical_not(), double.PositiveInfinity).amin(-1).unsqueeze(-1);
        var shares = scores.masked_fill(scores.lt(lowest), 0).sum(-1) / scores.sum(-1);
        Merge(shares.mean([2]).amax(0).clamp(double.Epsilon, 1).cpu().data<double>().ToArray());
    }

    private void Merge(double[] thresholds)
    {
        if (_thresholds.Length == 0) _thresholds = thresholds;
        else if (_thresholds.Length != thresholds.Length)
            throw new ArgumentException($"This call has N={thresholds.Length} heads and earlier ones had {_thresholds.Length}; use one calibration a layer.");
        else for (var head = 0; head < thresholds.Length; head++) _thresholds[head] = Math.Max(_thresholds[head], thresholds[head]);
    }
}
