using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>Every kernel once per configuration at small, odd sizes, for compute-sanitizer: what it finds counts; here only that results are finite and lists legal.</summary>
internal sealed class SanitizerChecks : CheckFamily
{
    private const int QueryTokens = 199, KeyTokens = 331, Batch = 1, Heads = 2, RowTokens = 5;
    private static readonly (int Width, int HeadDim)[] Widths = [(256, 64), (1536, 128), (3072, 128), (5120, 128)];

    /// <inheritdoc/>
    public override string Name => "sanitizer";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => AttentionAccuracyChecks.AllKernels(context).Concat(new ScoreKernelChecks().Kernels(context)).Concat(XAttentionChecks.AllKernels(context));

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var backend in context.Backends)
            context.Report.Check($"sanitizer: {backend.Name} attention", () => Outcome.Worst(AttentionAccuracyChecks.Configurations, one => Outcome.Worst(Enum.GetValues<ListKind>(), lists =>
            {
                var attention = new AttentionCase(Batch, Heads, QueryTokens, KeyTokens, one.HeadDim, one.BlockSize, one.DType, lists, true);
                var (inputs, blocks) = (attention.CreateTensors(context.Device), attention.CreateList(context.Options.Seed, context.Device));
                return Finite(backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, wantsLogSumExp: true).Output);
            })));
        foreach (var tuning in context.ScoreTunings)
            context.Report.Check($"sanitizer: scores as for {tuning}", () => Outcome.Worst(ScoreKernelChecks.Configurations, one => Scores(context, tuning, one)));
        context.Report.Check("sanitizer: lists", () => Outcome.Worst(ScoreKernelChecks.Configurations, one => Lists(context, one)));
        context.Report.Check("sanitizer: order of rows", () => Outcome.Worst([3, 300, 4096], rows => Order(context, rows)));
        foreach (var dtype in KernelCatalog.Elements)
            context.Report.Check($"sanitizer: rows {Numbers.Short(dtype)}", () => Outcome.Worst(Widths, one => Rows(new RowTensors(context.Device, dtype, 2, RowTokens), one.Width, one.HeadDim)));
    }

    private static Outcome Scores(CheckContext context, Version tuning, (int HeadDim, int BlockSize, int Stride, ScalarType DType) one)
    {
        const int groups = 19;
        Tensor Make(int tokens) => randn([Batch, Heads, tokens, one.HeadDim], ScalarType.Float32, context.Device).to(one.DType);
        var layout = new BlockLayout(groups * one.Stride, 2 * groups * one.Stride, one.BlockSize);
        var (sums, maxima) = (zeros([Batch * Heads, groups, layout.KeyBlocks], ScalarType.Float32, context.Device), zeros([Batch * Heads, groups, 1], ScalarType.Float32, context.Device));
        GpuXAttention.Score(tuning, Make(layout.QueryTokens), Make(layout.KeyTokens), layout, one.Stride, 0, Batch * Heads, sums, maxima);
        return Finite(sums + maxima);
    }

    private static Outcome Lists(CheckContext context, (int HeadDim, int BlockSize, int Stride, ScalarType DType) one)
    {
        Tensor Make(int tokens) => randn([Batch, Heads, tokens, one.HeadDim], ScalarType.Float32, context.Device).to(one.DType);
        using var list = GpuXAttention.Select(Make(QueryTokens), Make(KeyTokens), new BlockLayout(QueryTokens, KeyTokens, one.BlockSize), one.Stride, new SelectionRule(), null);
        GpuBlockLists.Validate(list);
        return Outcome.None(0);
    }

    private static Outcome Order(CheckContext context, int rows)
    {
        using var list = RandomLists.Create(new BlockLayout(rows * 64, 128, 64), 1, 1, 0.5, 3, context.Options.Seed, context.Device);
        using var order = GpuBlockLists.RowOrder(context.Gpu, list, 1, 1);
        return Outcome.None(order.cpu().data<int>().ToArray().Take(rows).Order().Where((row, at) => row != at).Count());
    }

    private static Outcome Rows(RowTensors rows, int width, int headDim)
    {
        const double epsilon = 1e-6;
        var (x, weight, (scale, shift, gate)) = (rows.Tokens(width), rows.Weight(width, ScalarType.Float32), rows.Modulation(width));
        var angles = rand([RowTokens, headDim / 2], ScalarType.Float32, x.device);
        var (query, key) = GpuRows.NormRotary(x, weight, x, weight, width / headDim, angles.cos(), angles.sin(), epsilon);
        var (sum, normed) = GpuRows.GateAdd(x, x, gate, RowNorm.Modulation(scale, shift, epsilon));
        var affine = GpuRows.NormScaleShift(sum, RowNorm.Affine(weight, weight, epsilon));
        return Finite(query.flatten(2) + key.flatten(2) + GpuRows.Norm(x, weight, width / headDim, epsilon).flatten(2) + normed! + affine + GpuRows.GateAdd(x, sum, null) + GpuRows.GeluInPlace(x));
    }

    private static Outcome Finite(Tensor x) => Outcome.Holds(x.isfinite().all().ToBoolean());
}
