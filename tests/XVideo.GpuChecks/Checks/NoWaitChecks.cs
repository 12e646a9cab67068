using System.Diagnostics;
using TorchSharp;
using XVideo.Cuda;
using XVideo.Cuda.Launch;
using XVideo.Cuda.Nvrtc;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Schedulers;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Schedule;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>
/// The host queues a denoise without waiting for the GPU: behind a long run of matrix products it returns before they have ended. The loop is that of the
/// denoising stage: two passes a step, guidance, scheduler.
/// </summary>
internal sealed class NoWaitChecks : CheckFamily
{
    private const int Heads = 2, HeadDim = 128, Layers = 2, Frames = 5, Rows = 18, Columns = 22, Steps = 2;
    private const int TokenCount = Frames * Rows * Columns;

    // Few launches that take long, and a short denoise behind them: the driver's queue holds about a thousand launches, and then the host waits.
    private const int MatrixSize = 16384, LeastMilliseconds = 700, MostProducts = 200;

    // Of cuEventElapsedTime where the GPU has not come so far.
    private const int NotReady = 600;

    /// <inheritdoc/>
    public override string Name => "no waiting";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => TransformerChecks.KernelsOf(context, Heads, HeadDim);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var (name, options) in ((string, AttentionOptions)[])
            [
                ("dense", new()),
                ("xattention", new() { Method = "xattention", DenseWarmup = StepShare.OfSteps(1) }),
                ("xattention, blocks reused", new() { Method = "xattention", DenseWarmup = StepShare.OfSteps(0), RefreshInterval = 2 }),
                ("xattention, thresholds by head", new() { Method = "xattention", DenseWarmup = StepShare.OfSteps(0), Threshold = new PerHead<double>([0.5, 0.8]) }),
            ])
            context.Report.Check($"no waiting: {name}", () => Measure(context, options));
    }

    private static Outcome Measure(CheckContext context, AttentionOptions options)
    {
        using var weights = new SharedWeights(context.Device);
        using var network = new WanTransformer(TransformerChecks.Config(Heads, HeadDim, Layers), weights.BFloat16);
        var inputs = (randn([1, 16, Frames, Rows * 2, Columns * 2], ScalarType.Float32, context.Device), randn([1, 77, 64], ScalarType.Float32, context.Device), randn([1, 77, 64], ScalarType.Float32, context.Device));
        var matrix = randn([MatrixSize, MatrixSize], ScalarType.BFloat16, context.Device);

        // Twice: tables are made and memory is taken now, not while it is measured.
        for (var run = 0; run < 2; run++)
        {
            using var plan = Plan(context, options);
            Denoise(network, plan, inputs);
        }
        var products = Math.Clamp((int)(LeastMilliseconds / MillisecondsOf(context, matrix, 4) * 4), 1, MostProducts);

        using CudaEvent began = new(context.Gpu.Device), ended = new(context.Gpu.Device);
        using var measured = Plan(context, options);
        cuda.synchronize(context.Device);
        began.Record(context.Gpu.Stream);
        Multiply(matrix, products);
        ended.Record(context.Gpu.Stream);
        var clock = Stopwatch.StartNew();
        Denoise(network, measured, inputs);
        var host = clock.Elapsed.TotalMilliseconds;
        var hasReturnedBefore = !IsReached(began, ended);

        ended.Synchronize();
        var gpu = ended.MillisecondsSince(began);
        var note = FormattableString.Invariant($"the host queued {Steps} steps in {host:0} ms, behind {gpu:0} ms of work");
        return Outcome.Holds(hasReturnedBefore, hasReturnedBefore || host < gpu ? note : $"{note}: too slow a host to tell, or it waited");
    }

    private static AttentionPlan Plan(CheckContext context, AttentionOptions options) => AttentionPlan.Create(
        options, Steps, Layers, context.Describe(1, Heads, TokenCount, HeadDim), timeline: new GpuTimeline(context.Gpu.Device.Ordinal));

    private static void Denoise(WanTransformer network, AttentionPlan plan, (Tensor Noise, Tensor Text, Tensor NegativeText) inputs)
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig { FlowShift = 3 }.Create(Steps);
        var latents = inputs.Noise.alias();
        for (var step = 0; step < Steps; step++)
        {
            using var stepScope = NewDisposeScope();
            var time = full([1], scheduler.Timesteps[step], ScalarType.Float32, latents.device);
            var velocity = network.Forward(latents, time, inputs.Text, plan, new DenoisePass(step, 0)).to(ScalarType.Float32);
            var unguided = network.Forward(latents, time, inputs.NegativeText, plan, new DenoisePass(step, 1)).to(ScalarType.Float32);
            latents = scheduler.Step(unguided + ((velocity - unguided) * 4), step, latents).MoveToOuterDisposeScope();
        }
    }

    private static double MillisecondsOf(CheckContext context, Tensor matrix, int products)
    {
        using CudaEvent began = new(context.Gpu.Device), ended = new(context.Gpu.Device);
        Multiply(matrix, 1);
        began.Record(context.Gpu.Stream);
        Multiply(matrix, products);
        ended.Record(context.Gpu.Stream);
        ended.Synchronize();
        return ended.MillisecondsSince(began);
    }

    private static void Multiply(Tensor matrix, int products)
    {
        for (var at = 0; at < products; at++) matrix.matmul(matrix).Dispose();
    }

    private static bool IsReached(CudaEvent began, CudaEvent ended)
    {
        try
        {
            ended.MillisecondsSince(began);
            return true;
        }
        catch (CudaException error) when (error.Code == NotReady)
        {
            return false;
        }
    }
}
