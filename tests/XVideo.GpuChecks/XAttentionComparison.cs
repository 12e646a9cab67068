using TorchSharp;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>What the kernels chose, beside what plain operators choose from the same numbers.</summary>
internal sealed class XAttentionComparison
{
    // Relative distance of deciding scores, and of the threshold, below which either choice is right.
    private const double Edge = 1e-4;

    private const double ScoreTolerance = 1e-3;
    private readonly BlockLayout _layout;
    private readonly SelectionRule _rule;
    private readonly Tensor _scores, _expectedScores;
    private readonly BlockList _list;

    /// <param name="query">[B, N, Sq, D] on the GPU.</param>
    /// <param name="key">[B, N, Sk, D] on the GPU.</param>
    /// <param name="layout">How they are cut.</param>
    /// <param name="stride">S.</param>
    /// <param name="rule">How many blocks are kept.</param>
    public XAttentionComparison(Tensor query, Tensor key, BlockLayout layout, int stride, SelectionRule rule)
    {
        (_layout, _rule) = (layout, rule);
        _scores = full([query.size(0), query.size(1), layout.QueryBlocks, layout.KeyBlocks], double.NegativeInfinity, ScalarType.Float32, query.device);
        using var chooser = new BlockChooser(rule);
        _list = GpuXAttention.Select(query, key, layout, stride, rule, chooser.HeadThresholds(query), _scores);
        _expectedScores = AntidiagonalScores.Compute(query.to(ScalarType.Float32), key.to(ScalarType.Float32), layout, stride);
    }

    /// <summary>What the kernels chose.</summary>
    public BlockList List => _list;

    /// <summary>The kernels' scores, [B, N, Mq, Mk] float32.</summary>
    public Tensor Scores => _scores;

    /// <summary>Scores against those of plain operators in float32, relative to what their row adds up to.</summary>
    public Outcome ScoresAgree()
    {
        var exact = _expectedScores.to(ScalarType.Float64);
        var total = exact.sum(-1, keepdim: true).expand(exact.shape);
        return Numbers.Within(_scores.to(ScalarType.Float64) / total, exact / total, full(exact.shape, ScoreTolerance, ScalarType.Float64, exact.device));
    }

    /// <summary>The list is legal, and exactly what the rule makes of the kernel's own scores.</summary>
    public Outcome ChoiceFollows()
    {
        GpuBlockLists.Validate(_list);
        using var expected = Choose(_scores, _rule, _layout);
        return Outcome.None(Numbers.CountDifferent(_list.ToMask(), expected.ToMask()), FormattableString.Invariant($"density {_list.Density():0.00}"));
    }

    /// <summary>The list is what the rule makes of the scores of plain operators, but for blocks at the very edge.</summary>
    public Outcome ListsAgree()
    {
        using var expected = Choose(_expectedScores, _rule, _layout);
        var differs = _list.ToMask().eq(expected.ToMask()).logical_not();
        // Without pinned blocks, which are kept whatever their score.
        var (lower, higher) = (LowestKept(1 - Edge), LowestKept(1 + Edge));
        var isAtEdge = _expectedScores.gt(higher * (1 - Edge)) & _expectedScores.lt(lower * (1 + Edge));
        var wrong = (differs & isAtEdge.logical_not()).to(ScalarType.Int64).sum().ToInt64();
        return Outcome.None(wrong, FormattableString.Invariant($"{differs.to(ScalarType.Int64).sum().ToInt64()} of {differs.numel()} blocks differ, {wrong} not at an edge"));
    }

    private static BlockList Choose(Tensor scores, SelectionRule rule, BlockLayout layout)
    {
        using var chooser = new BlockChooser(rule);
        return chooser.Choose(scores, layout);
    }

    // [B, N, Mq, 1]: the score of the last block that the rule keeps with its threshold made so much higher.
    private Tensor LowestKept(double factor)
    {
        var threshold = _rule.Threshold is { } given ? new PerHead<double>([.. given.Values.Select(value => Math.Min(1, value * factor))]) : null;
        using var list = Choose(_expectedScores, _rule with { Threshold = threshold, KeepsFirstBlock = false }, _layout with { Pinned = default });
        return _expectedScores.masked_fill(list.ToMask().logical_not(), double.PositiveInfinity).amin(-1).unsqueeze(-1);
    }
}
