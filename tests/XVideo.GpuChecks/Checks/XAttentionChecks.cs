using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>XAttention's scores and lists against plain operators on the same numbers: every configuration, odd lengths, long ones.</summary>
internal sealed class XAttentionChecks : CheckFamily
{
    private static readonly (int Batch, int Heads, int QueryTokens, int KeyTokens)[] Shapes = [(2, 3, 1111, 1111), (1, 2, 700, 2345), (1, 2, 1, 600), (2, 1, 2048, 1), (1, 2, 4999, 5003)];

    // Enough for 2,048 columns, and for so many sums that heads are done in two turns.
    private const int LongTokens = 66_001, LongHeads = 5;

    /// <inheritdoc/>
    public override string Name => "xattention lists";

    /// <summary>The selecting kernels of all configurations, for up to 256 blocks a row, and the scoring ones of this GPU.</summary>
    public static IEnumerable<KernelSource> AllKernels(CheckContext context) => ScoreKernelChecks.Configurations.SelectMany(one => (KernelSource[])
    [
        KernelCatalog.Select(one.BlockSize, one.Stride, 256), KernelCatalog.Score(context.Gpu.Device.ComputeCapability, one.HeadDim, one.BlockSize, one.Stride, one.DType),
    ]).Append(KernelCatalog.BlockListCheck());

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => AllKernels(context).Append(KernelCatalog.Select(64, 4, 2048));

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        var rule = new SelectionRule { Threshold = 0.9 };
        foreach (var (headDim, block, stride, dtype) in ScoreKernelChecks.Configurations)
        {
            var shapes = context.Options.IsQuick ? Shapes.Take(2) : Shapes;
            var cases = shapes.Select((shape, at) => new XAttentionCase(shape.Batch, shape.Heads, shape.QueryTokens, shape.KeyTokens, headDim, block, stride, dtype) { IsTransposed = at % 2 == 0 });
            context.Report.CheckAll($"xattention {Numbers.Short(dtype)} D={headDim} block {block} stride {stride}", () => Compare(context, cases, rule));
        }
        if (context.Options.IsQuick) return;
        var longest = new XAttentionCase(1, LongHeads, LongTokens, LongTokens, 64, 64, 4, ScalarType.BFloat16);
        context.Report.CheckAll($"xattention {longest}", () => Compare(context, [longest], rule));
    }

    /// <summary>Compares scores, the choice from them, and lists.</summary>
    public static IReadOnlyList<(string, Outcome)> Compare(CheckContext context, IEnumerable<XAttentionCase> cases, SelectionRule rule)
    {
        Outcome? scores = null, choice = null, lists = null;
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var (query, key) = one.CreateTensors(context.Device);
            var comparison = new Lazy<XAttentionComparison>(() => new XAttentionComparison(query, key, one.Layout, one.Stride, rule));
            var name = $"{one.QueryTokens}×{one.KeyTokens}";
            scores = Outcome.Worse(scores, name, () => comparison.Value.ScoresAgree());
            choice = Outcome.Worse(choice, name, () => comparison.Value.ChoiceFollows());
            lists = Outcome.Worse(lists, name, () => comparison.Value.ListsAgree());
        }
        return [("scores", scores!), ("choice", choice!), ("lists", lists!)];
    }
}
