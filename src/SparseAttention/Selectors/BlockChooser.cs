using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>Turns scores into a block list by a <see cref="SelectionRule"/>: the last step of every selector that scores blocks.</summary>
/// <remarks>
/// Cumulative sums are in float64. A row is sorted by falling score, ties by the lower index; a block is kept while the sum of those before it is less
/// than τ times the row's total, so the block that reaches the threshold is kept. Then the bounds of the rule apply, then the pinned blocks, which are
/// kept on top. Runs on the device of the scores without waiting for it.
/// </remarks>
public sealed class BlockChooser : IDisposable
{
    private readonly SelectionRule _rule;
    private readonly double _largestThreshold;
    private Tensor? _thresholds;

    /// <exception cref="ArgumentException">A number of the rule is out of its range, or threshold and density are both missing.</exception>
    public BlockChooser(SelectionRule rule)
    {
        _rule = rule;
        if (rule.Density is { } density && density is not (> 0 and <= 1))
            throw new ArgumentException($"density is {density}; it must be more than 0 and at most 1.", nameof(rule));
        if (rule.Density is null && rule.Threshold is null)
            throw new ArgumentException("The rule has neither a threshold nor a density; give one of them.", nameof(rule));
        foreach (var value in rule.Density is null ? rule.Threshold!.Values : [])
            if (value is not (> 0 and <= 1)) throw new ArgumentException($"threshold is {value}; it must be more than 0 and at most 1.", nameof(rule));
        if (rule.MinBlocks < 1) throw new ArgumentException($"MinBlocks is {rule.MinBlocks}; it must be at least 1.", nameof(rule));
        if (rule.MaxBlocks is { } most && most < rule.MinBlocks)
            throw new ArgumentException($"MaxBlocks is {most}; it must be at least MinBlocks, {rule.MinBlocks}.", nameof(rule));
        _largestThreshold = rule.Threshold?.Values.Max() ?? 0;
    }

    /// <summary>What it goes by.</summary>
    internal SelectionRule Rule => _rule;

    /// <summary>[N] float64 on a device: a threshold a head; <see langword="null"/> where one holds for all, or none.</summary>
    internal Tensor? HeadThresholds(Tensor scored)
    {
        if (_rule.Density is not null || _rule.Threshold is null or { IsUniform: true }) return null;
        CheckHeads(scored.size(1));
        return Thresholds(scored.device);
    }

    /// <summary>Chooses blocks.</summary>
    /// <param name="scores">[B, N, Mq, Mk], any floating type; at least 0 each.</param>
    /// <param name="layout">How the tokens are cut; says which blocks are pinned.</param>
    /// <exception cref="ArgumentException">The rule has thresholds for another number of heads.</exception>
    public BlockList Choose(Tensor scores, BlockLayout layout)
    {
        CheckHeads(scores.size(1));
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var weights = scores.to(ScalarType.Float64);
        var total = weights.sum(-1, keepdim: true);
        var (falling, order) = weights.sort(-1, descending: true, stable: true);
        var position = arange(layout.KeyBlocks, device: scores.device);
        var kept = _rule.Density is { } density ? position.lt(Math.Round(density * layout.KeyBlocks, MidpointRounding.AwayFromZero)) : ByThreshold(falling, total);
        kept = kept | position.lt(_rule.MinBlocks);
        if (_rule.MaxBlocks is { } most) kept = kept & position.lt(most);
        // Not finite, or nothing to rank by: everything.
        kept = kept | (total.isfinite() & total.gt(0)).logical_not();
        var mask = zeros(scores.shape, ScalarType.Bool, scores.device).scatter_(-1, order, kept.expand(scores.shape));
        if (_rule.KeepsFirstBlock) mask.narrow(3, 0, 1).fill_(true);
        Pin(mask, layout);
        return BlockList.FromMask(mask, layout).MoveToOuterDisposeScope();
    }

    /// <summary>Adds what <see cref="BlockLayout.PinnedBlocks"/> asks for: those key blocks in every row, and every key block in those rows.</summary>
    /// <param name="mask">[B, N, Mq, Mk] bool, changed in place.</param>
    /// <param name="layout">How the tokens are cut.</param>
    public static void Pin(Tensor mask, BlockLayout layout)
    {
        using var scope = NewDisposeScope();
        var (start, count) = layout.PinnedBlocks;
        if (count == 0) return;
        mask.narrow(3, start, count).fill_(true);
        mask.narrow(2, start, count).fill_(true);
    }

    /// <summary>Frees the table of thresholds.</summary>
    public void Dispose() => _thresholds?.Dispose();

    private void CheckHeads(long heads)
    {
        if (_rule.Density is null && _rule.Threshold is { IsUniform: false } perHead && perHead.Values.Count != heads)
            throw new ArgumentException($"There are thresholds for {perHead.Values.Count} heads; there are N={heads}. Give one threshold, or one for each head.", "scores");
    }

    private Tensor ByThreshold(Tensor falling, Tensor total)
    {
        var threshold = _rule.Threshold!;
        // Sums of everything before: the inclusive sums, moved by one.
        var before = cat([zeros_like(total), falling.narrow(3, 0, falling.size(3) - 1).cumsum(-1)], -1);
        if (threshold.IsUniform)
            return threshold.Values[0] >= 1 ? ones_like(falling, ScalarType.Bool) : before.lt(total * threshold.Values[0]);
        var values = Thresholds(falling.device);
        var kept = before.lt(total * values);
        return _largestThreshold >= 1 ? kept | values.ge(1) : kept;
    }

    // [1, N, 1, 1], filled on the device: a copy from the host would wait for it.
    private Tensor Thresholds(Device device)
    {
        if (_thresholds is not null && _thresholds.device.ToString() == device.ToString()) return _thresholds;
        _thresholds?.Dispose();
        Tensor[] values = [.. _rule.Threshold!.Values.Select(value => full([1, 1, 1, 1], value, ScalarType.Float64, device))];
        return _thresholds = cat(values, 1).DetachFromDisposeScope();
    }
}
