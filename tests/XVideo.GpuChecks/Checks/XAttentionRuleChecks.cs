using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>Every setting of the rule, pinned text, and the selector as a plan uses it.</summary>
internal sealed class XAttentionRuleChecks : CheckFamily
{
    private const int Heads = 3, QueryTokens = 3010, KeyTokens = 3010;

    /// <inheritdoc/>
    public override string Name => "xattention rules";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => XAttentionChecks.AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        (string Name, SelectionRule Rule, TokenRange Pinned)[] rules =
        [
            ("τ 0.5", new() { Threshold = 0.5 }, default),
            ("τ 0.99", new() { Threshold = 0.99 }, default),
            ("τ 1", new() { Threshold = 1 }, default),
            ("τ 1e-9", new() { Threshold = 1e-9 }, default),
            ("τ by head", new() { Threshold = new PerHead<double>([0.3, 0.9, 1]) }, default),
            ("density 0.25", new() { Density = 0.25 }, default),
            ("density 0.001", new() { Density = 0.001 }, default),
            ("density 1", new() { Density = 1 }, default),
            ("at least 7", new() { Threshold = 0.1, MinBlocks = 7 }, default),
            ("at most 5", new() { Threshold = 0.99, MaxBlocks = 5 }, default),
            ("τ 1, at most 5", new() { Threshold = 1, MaxBlocks = 5 }, default),
            ("5 to 6", new() { Threshold = 0.8, MinBlocks = 5, MaxBlocks = 6 }, default),
            ("at least more than there are", new() { Threshold = 0.5, MinBlocks = 1000 }, default),
            ("first block kept", new() { Threshold = 0.2, KeepsFirstBlock = true }, default),
            ("text at the end", new() { Threshold = 0.5 }, new TokenRange(KeyTokens - 333, 333)),
            ("text in one block, at most 3", new() { Threshold = 0.5, MaxBlocks = 3 }, new TokenRange(700, 1)),
        ];
        foreach (var (name, rule, pinned) in rules)
        {
            var cases =
                from block in BlockLayout.BlockSizes
                from stride in XAttentionSettings.Strides
                select new XAttentionCase(2, Heads, QueryTokens, KeyTokens, 128, block, stride, ScalarType.BFloat16) { Pinned = pinned };
            context.Report.CheckAll($"rule {name}:", () => XAttentionChecks.Compare(context, cases, rule));
        }
        context.Report.Check("rule: the selector gives the lists of the kernels", () => Selector(context));
        context.Report.Check("rule: same bits in 5 runs", () => Repeats(context));
    }

    private static Outcome Selector(CheckContext context)
    {
        var one = new XAttentionCase(1, Heads, QueryTokens, KeyTokens, 128, 128, 8, ScalarType.BFloat16) { IsTransposed = true };
        var (query, key) = one.CreateTensors(context.Device);
        var rule = new SelectionRule { Threshold = new PerHead<double>([0.5, 0.8, 0.95]) };
        var comparison = new XAttentionComparison(query, key, one.Layout, one.Stride, rule);
        using var selector = new XAttentionSelector(new XAttentionSettings { Stride = one.Stride, Rule = rule });
        var place = new AttentionPlace(new DenoisePass(0, 0), 0, new TokenGrid(1, 1, QueryTokens));
        var list = selector.Select(new SelectionContext(query, key, key, one.Layout, place));
        return Outcome.None(Numbers.CountDifferent(list.ToMask(), comparison.List.ToMask()));
    }

    private static Outcome Repeats(CheckContext context)
    {
        var one = new XAttentionCase(1, Heads, 9001, 9001, 128, 128, 8, ScalarType.BFloat16);
        var (query, key) = one.CreateTensors(context.Device);
        var rule = new SelectionRule();
        Tensor Scores()
        {
            var scores = zeros([1, Heads, one.Layout.QueryBlocks, one.Layout.KeyBlocks], ScalarType.Float32, context.Device);
            GpuXAttention.Select(query, key, one.Layout, one.Stride, rule, null, scores).Dispose();
            return scores;
        }
        var first = Scores();
        return Outcome.None(Enumerable.Range(0, 4).Sum(_ => Numbers.CountDifferent(Scores(), first)));
    }
}
