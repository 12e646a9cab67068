using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>Selection where there is nothing to rank by, too much, or nonsense: better slow than wrong.</summary>
internal sealed class XAttentionHostileChecks : CheckFamily
{
    private const int Tokens = 1900, BadToken = 300;
    private static readonly SelectionRule Rule = new() { Threshold = 0.9, MaxBlocks = 9 };

    /// <inheritdoc/>
    public override string Name => "xattention hostile";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => XAttentionChecks.AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        void Check(string name, Func<XAttentionCase, Outcome> check) => context.Report.Check($"xattention {name}", () => Outcome.Worst(Cases, check));

        Check("NaN query: its row keeps everything, others are as ever", one => NaNQuery(context, one));
        Check("NaN key: every row keeps everything", one => NaNKey(context, one));
        Check("huge logits: legal lists, 99 % of blocks as in float32", one => Huge(context, one));
        Check("infinite products: every row keeps everything", one => Overflow(context, one));
        Check("constant inputs: the lowest blocks", one => Constant(context, one));
        context.Report.Check("xattention NaN around the inputs is not read", () => Outcome.Worst(Cases, one => InsideNaN(context, one)));
    }

    private static IEnumerable<XAttentionCase> Cases =>
        from headDim in KernelCatalog.HeadDims
        from block in BlockLayout.BlockSizes
        from stride in XAttentionSettings.Strides
        select new XAttentionCase(1, 2, Tokens, Tokens, headDim, block, stride, ScalarType.BFloat16);

    private static Outcome NaNQuery(CheckContext context, XAttentionCase one)
    {
        var (query, key) = one.CreateTensors(context.Device);
        query.narrow(2, BadToken, 1).fill_(double.NaN);
        var comparison = new XAttentionComparison(query, key, one.Layout, one.Stride, Rule);
        var lists = comparison.ListsAgree();
        var row = comparison.List.Counts.narrow(2, BadToken / one.BlockSize, 1);
        return lists with { Error = lists.Error + row.eq((Scalar)one.Layout.KeyBlocks).logical_not().to(ScalarType.Int64).sum().ToInt64() };
    }

    private static Outcome NaNKey(CheckContext context, XAttentionCase one)
    {
        var (query, key) = one.CreateTensors(context.Device);
        key.narrow(2, BadToken, 1).fill_(double.NaN);
        return KeepsAll(query, key, one);
    }

    private static Outcome Overflow(CheckContext context, XAttentionCase one)
    {
        var (query, key) = one.CreateTensors(context.Device);
        return KeepsAll(query.fill_(1e25), key.fill_(1e25), one);
    }

    private static Outcome KeepsAll(Tensor query, Tensor key, XAttentionCase one)
    {
        using var list = GpuXAttention.Select(query, key, one.Layout, one.Stride, Rule, null);
        GpuBlockLists.Validate(list);
        return Outcome.None(list.Counts.eq((Scalar)one.Layout.KeyBlocks).logical_not().to(ScalarType.Int64).sum().ToInt64());
    }

    // Logits of 10⁴ and more: float32 decides near ties by chance.
    private static Outcome Huge(CheckContext context, XAttentionCase one)
    {
        var (query, key) = one.CreateTensors(context.Device);
        var comparison = new XAttentionComparison(query * 200, key * 200, one.Layout, one.Stride, Rule);
        var choice = comparison.ChoiceFollows();
        if (!choice.Passed) return choice;
        using var chooser = new BlockChooser(Rule);
        using var expected = chooser.Choose(AntidiagonalScores.Compute((query * 200).to(ScalarType.Float32), (key * 200).to(ScalarType.Float32), one.Layout, one.Stride), one.Layout);
        var mask = comparison.List.ToMask();
        return new Outcome(Numbers.CountDifferent(mask, expected.ToMask()) / (double)mask.numel(), 0.01);
    }

    private static Outcome Constant(CheckContext context, XAttentionCase one)
    {
        const int blocks = 13, kept = 12;                   // the smallest number of 13 equal blocks that holds 0.9
        var whole = one with { QueryTokens = one.BlockSize * 2, KeyTokens = one.BlockSize * blocks };
        var (query, key) = whole.CreateTensors(context.Device);
        using var list = GpuXAttention.Select(query.fill_(1), key.fill_(0.5), whole.Layout, one.Stride, Rule with { MaxBlocks = null }, null);
        var expected = arange(blocks, ScalarType.Int64, context.Device).lt((Scalar)kept).expand(1, whole.Heads, 2, blocks);
        return Outcome.None(Numbers.CountDifferent(list.ToMask(), expected));
    }

    // Lengths that are whole groups, so that the kernels read the tensors where they are.
    private static Outcome InsideNaN(CheckContext context, XAttentionCase one)
    {
        var whole = one with { QueryTokens = 1904, KeyTokens = 1328 };
        var (query, key) = whole.CreateTensors(context.Device);
        BlockList Select(Tensor q, Tensor k) => GpuXAttention.Select(q, k, whole.Layout, one.Stride, Rule, null);
        using BlockList alone = Select(query, key), inside = Select(Wrap(query), Wrap(key));
        return Outcome.None(Numbers.CountDifferent(inside.ToMask(), alone.ToMask()));
    }

    private static Tensor Wrap(Tensor x_bnsd)
    {
        var wide = full([1, x_bnsd.size(1) + 2, x_bnsd.size(2) + 32, x_bnsd.size(3)], double.NaN, x_bnsd.dtype, x_bnsd.device);
        var view = wide.narrow(1, 1, x_bnsd.size(1)).narrow(2, 16, x_bnsd.size(2));
        view.copy_(x_bnsd);
        return view;
    }
}
