using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>A few denoising steps of a real model on the CPU in float32: the blocks that its attention chooses there, and on the GPU from the same tensors.</summary>
internal sealed class ModelMaskChecks : CheckFamily
{
    private const int BlockSize = 128, Stride = 8;

    // Of all blocks. Rounding the inputs to bfloat16 alone moves 0.03 % of them on the default model.
    private const double Tolerance = 0.001;

    /// <inheritdoc/>
    public override string Name => "model masks";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) =>
        KernelCatalog.HeadDims.Select(headDim => KernelCatalog.Score(context.Gpu.Device.ComputeCapability, headDim, BlockSize, Stride, ScalarType.BFloat16)).Append(KernelCatalog.Select(BlockSize, Stride, 256));

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        if (context.Options.Model is not { } model)
        {
            context.Report.Check("model masks", () => Outcome.Failed("the folder weights/default was not found; name a model with --model"));
            return;
        }
        context.Report.CheckAll($"masks of {Path.GetFileName(Path.TrimEndingDirectorySeparator(model))}", () => Compare(context, model));
    }

    private static IReadOnlyList<(string, Outcome)> Compare(CheckContext context, string model)
    {
        var steps = context.Options.IsQuick ? 2 : 4;
        var tally = new Tally(context.Device);
        using var cancellation = new CancellationTokenSource();
        using var pipeline = VideoPipeline.Load(new PipelineOptions(model, "cpu", "f32"));
        var request = RequestValidator.Resolve(
            new VideoRequest
            {
                Prompt = "a red ball bounces on green grass", Steps = steps, Seed = context.Options.Seed,
                Attention = new AttentionRequest { Method = "xattention", BlockSize = BlockSize, Stride = Stride, Threshold = "0.9", DenseWarmup = "0" },
            },
            pipeline.Defaults, pipeline.Limits);
        try
        {
            pipeline.Watch(request, tally.Add, _ => cancellation.Cancel(), cancellation: cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            // Frames are not wanted.
        }
        return tally.Outcomes(steps);
    }

    // How many blocks are chosen otherwise.
    private sealed class Tally(Device device)
    {
        private long _choices, _blocks, _kept, _otherDevice, _otherType;

        public void Add(AttentionObservation observation)
        {
            using var scope = NewDisposeScope();
            var context = observation.Context;
            SelectionContext In(Tensor query, Tensor key) => context with { Query = query, Key = key, Value = key };
            var (query, key) = (context.Query.to(ScalarType.BFloat16), context.Key.to(ScalarType.BFloat16));
            using var selector = new XAttentionSelector(new XAttentionSettings { Stride = Stride, Rule = new SelectionRule { Threshold = 0.9 } });
            var onCpu = selector.Select(In(query, key)).ToMask();
            var onGpu = selector.Select(In(query.to(device), key.to(device))).ToMask().cpu();
            _choices++;
            _blocks += onCpu.numel();
            _kept += onCpu.to(ScalarType.Int64).sum().ToInt64();
            _otherDevice += Numbers.CountDifferent(onGpu, onCpu);
            _otherType += Numbers.CountDifferent(onGpu, observation.Blocks.ToMask());
        }

        public IReadOnlyList<(string, Outcome)> Outcomes(int steps)
        {
            var note = FormattableString.Invariant($"{_choices} choices in {steps} steps, {_blocks} blocks, density {_kept / (double)_blocks:0.00}");
            return
            [
                ("share of blocks that differ, GPU and CPU in bf16", new(_otherDevice / (double)_blocks, Tolerance, note)),
                ("share of blocks that differ, GPU in bf16 and CPU in f32", new(_otherType / (double)_blocks, Tolerance)),
            ];
        }
    }
}
