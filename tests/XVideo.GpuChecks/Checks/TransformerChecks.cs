using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.DiT.Wan;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Schedule;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>A random Wan transformer: fused kernels beside composed operators, and attention over all listed blocks beside dense attention.</summary>
internal sealed class TransformerChecks : CheckFamily
{
    private const int Batch = 2, Layers = 3, Frames = 5, Rows = 18, Columns = 22;
    private const int TokenCount = Frames * Rows * Columns;

    /// <summary>Sizes of a small transformer.</summary>
    public static WanTransformerConfig Config(int heads, int headDim, int layers = Layers) => new()
    {
        PatchSize = [1, 2, 2], HeadCount = heads, HeadDim = headDim, InChannels = 16, OutChannels = 16, TextDim = 64, FeedForwardDim = 640, LayerCount = layers,
    };

    /// <summary>The kernels of a forward pass in bfloat16.</summary>
    public static IEnumerable<KernelSource> KernelsOf(CheckContext context, int heads, int headDim)
    {
        const ScalarType dtype = ScalarType.BFloat16;
        var (isSm90, width) = (context.Gpu.IsSm90, heads * headDim);
        return
        [
            KernelCatalog.Forward(isSm90, headDim, 128, dtype), KernelCatalog.Score(context.Gpu.Device.ComputeCapability, headDim, 128, 8, dtype), KernelCatalog.Select(128, 8, 256), KernelCatalog.RowOrder(256),
            KernelCatalog.NormRotary(width, headDim, dtype, false), KernelCatalog.NormScaleShift(width, dtype, true), KernelCatalog.GateAdd(width, dtype, true), KernelCatalog.Gelu(dtype),
        ];
    }

    /// <inheritdoc/>
    public override string Name => "transformer";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => KernelsOf(context, 2, 128).Concat(KernelsOf(context, 4, 64));

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var (heads, headDim) in ((int, int)[])[(2, 128), (4, 64)])
            context.Report.CheckAll($"transformer D={headDim}", () => Compare(context, heads, headDim));
    }

    private static IReadOnlyList<(string, Outcome)> Compare(CheckContext context, int heads, int headDim)
    {
        var config = Config(heads, headDim);
        using var weights = new SharedWeights(context.Device);
        using WanTransformer network = new(config, weights.BFloat16), wide = new(config, weights.Float32);
        var latents = randn([Batch, 16, Frames, Rows * 2, Columns * 2], ScalarType.Float32, context.Device);
        var time = tensor([150f, 800f], device: context.Device);
        var text = randn([Batch, 77, 64], ScalarType.Float32, context.Device);
        Tensor Forward(WanTransformer network, IAttention attention) => network.Forward(latents, time, text, attention).to(ScalarType.Float32);

        var exact = Forward(wide, new DenseAttention());
        var fused = Forward(network, new DenseAttention());
        Tensor composed;
        using (enable_grad()) composed = Forward(network, new DenseAttention()).detach();
        using AttentionPlan everything = Plan(context, heads, headDim, 1), sparse = Plan(context, heads, headDim, 0.5);
        var range = Numbers.Largest(exact);
        var (fusedError, composedError) = (fused - exact, composed - exact);
        return
        [
            ("fused, largest error, at most twice the composed one's", new(Numbers.Largest(fusedError), 2 * Numbers.Largest(composedError), FormattableString.Invariant($"values up to {range:0.0}"))),
            ("fused, mean error", new(Numbers.RootMeanSquare(fusedError), 1.2 * Numbers.RootMeanSquare(composedError))),
            ("composed, largest error", new(Numbers.Largest(composedError), 0.05 * range)),
            ("all blocks is dense", Same(Forward(network, everything), fused, Numbers.Largest(composedError))),
            ("τ 0.5 is sparse and finite", Outcome.Holds(Forward(network, sparse).isfinite().all().ToBoolean() && sparse.Report().SparseDensity < 0.9, sparse.Report().Summary)),
        ];

        Outcome Same(Tensor output, Tensor dense, double allowed) =>
            new(Numbers.Largest(output - dense), allowed, Numbers.AreEqual(output, dense) ? $"same bits; {everything.Report().Summary}" : everything.Report().Summary);
    }

    private static AttentionPlan Plan(CheckContext context, int heads, int headDim, double threshold) => AttentionPlan.Create(
        new AttentionOptions { Method = "xattention", Threshold = threshold, DenseWarmup = StepShare.OfSteps(0) }, 1, Layers, context.Describe(Batch, heads, TokenCount, headDim));
}
