using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>Both kernels against float64: awkward lengths, dense and over lists, every configuration.</summary>
internal sealed class AttentionAccuracyChecks : CheckFamily
{
    private static readonly (int Batch, int Heads, int QueryTokens, int KeyTokens)[] Shapes =
        [(2, 3, 239, 1), (1, 4, 799, 3), (2, 2, 113, 203), (2, 2, 512, 512), (1, 3, 1000, 700), (1, 2, 2100, 2100)];

    /// <summary>Every combination of head dimension, block size and type.</summary>
    public static IEnumerable<(int HeadDim, int BlockSize, ScalarType DType)> Configurations =>
        from headDim in KernelCatalog.HeadDims from block in BlockLayout.BlockSizes from dtype in KernelCatalog.Elements select (headDim, block, dtype);

    /// <inheritdoc/>
    public override string Name => "attention accuracy";

    /// <summary>The attention kernels of all configurations, with the kernel that orders rows.</summary>
    public static IEnumerable<KernelSource> AllKernels(CheckContext context) =>
        (from isSm90 in context.IsSm90 from one in Configurations select KernelCatalog.Forward(isSm90, one.HeadDim, one.BlockSize, one.DType)).Append(KernelCatalog.RowOrder(256));

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var (headDim, block, dtype) in Configurations)
            context.Report.CheckAll($"attention {Numbers.Short(dtype)} D={headDim} block {block}", () => Configuration(context, headDim, block, dtype));
    }

    private static IReadOnlyList<(string, Outcome)> Configuration(CheckContext context, int headDim, int block, ScalarType dtype)
    {
        var worst = new Dictionary<(IAttentionBackend Backend, string Part), Outcome>();
        var shapes = context.Options.IsQuick ? Shapes.Where((_, at) => at % 2 == 0) : Shapes;
        var number = 0;
        foreach (var (batch, heads, queryTokens, keyTokens) in shapes)
        {
            foreach (var lists in Enum.GetValues<ListKind>())
            {
                using var scope = NewDisposeScope();
                var one = new AttentionCase(batch, heads, queryTokens, keyTokens, headDim, block, dtype, lists, number++ % 2 == 0);
                var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed + number, context.Device));
                var truth = AttentionTruth.Of(inputs, blocks);
                foreach (var backend in context.Backends) Compare(worst, one, backend, inputs, blocks, truth);
            }
        }
        return [.. worst.Select(entry => ($"{entry.Key.Backend.Name} {entry.Key.Part}", entry.Value))];
    }

    private static void Compare(
        Dictionary<(IAttentionBackend, string), Outcome> worst, AttentionCase one, IAttentionBackend backend, AttentionTensors inputs, BlockList? blocks, AttentionTruth truth)
    {
        var result = new Lazy<AttentionResult>(() => backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, wantsLogSumExp: true));
        Note("rule", () => truth.Rule(result.Value.Output));
        Note("rounding", () => truth.Rounding(result.Value.Output));
        Note("lse", () => truth.LogSumExp(result.Value.LogSumExp!));

        void Note(string part, Func<Outcome> check) => worst[(backend, part)] = Outcome.Worse(worst.GetValueOrDefault((backend, part)), $"{one}", check);
    }
}
