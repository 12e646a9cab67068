using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>All blocks listed is dense; the same call gives the same bits; strides do not matter.</summary>
internal sealed class AttentionEqualityChecks : CheckFamily
{
    private const int Runs = 5;

    /// <inheritdoc/>
    public override string Name => "attention equality";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => AttentionAccuracyChecks.AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var backend in context.Backends)
        {
            foreach (var (headDim, block, dtype) in AttentionAccuracyChecks.Configurations)
            {
                var title = $"{backend.Name} {Numbers.Short(dtype)} D={headDim} block {block}";
                context.Report.Check($"equality {title}: all blocks is dense", () => AllIsDense(context, backend, headDim, block, dtype));
                context.Report.Check($"equality {title}: {Runs} runs, same bits", () => Repeats(context, backend, headDim, block, dtype));
            }
            context.Report.Check($"equality {backend.Name}: strides do not matter", () => Strides(context, backend));
        }
    }

    private static Outcome AllIsDense(CheckContext context, CudaBackend backend, int headDim, int block, ScalarType dtype)
    {
        var one = new AttentionCase(2, 2, 1333, 1777, headDim, block, dtype, ListKind.Dense, true);
        var inputs = one.CreateTensors(context.Device);
        using var all = BlockList.All(one.Layout, context.Device);
        var dense = backend.Forward(inputs.Query, inputs.Key, inputs.Value).Output;
        var listed = backend.Forward(inputs.Query, inputs.Key, inputs.Value, all).Output;
        var different = Numbers.CountDifferent(listed, dense);
        // Dense attention goes in blocks of 128: with others the sums have another order.
        var allowed = block == 128 ? 0 : 4 * Numbers.UnitRoundoff(dtype) * Numbers.Largest(dense);
        return new Outcome(Numbers.Largest(listed.to(ScalarType.Float64) - dense.to(ScalarType.Float64)), allowed, different == 0 ? "same bits" : $"{different} of {dense.numel()} elements differ");
    }

    private static Outcome Repeats(CheckContext context, CudaBackend backend, int headDim, int block, ScalarType dtype)
    {
        var one = new AttentionCase(1, 8, 3900, 3900, headDim, block, dtype, ListKind.PerHead, true);
        var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed, context.Device));
        AttentionResult Forward() => backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, wantsLogSumExp: true);
        var first = Forward();
        var different = 0L;
        for (var run = 1; run < Runs; run++)
        {
            using var scope = NewDisposeScope();
            var (output, logSumExp) = Forward();
            different += Numbers.CountDifferent(output, first.Output) + Numbers.CountDifferent(logSumExp!, first.LogSumExp!);
        }
        return Outcome.None(different);
    }

    // Contiguous, as the transformer gives them, with gaps, and starting where 16 bytes do not: the last must be copied first.
    private static Outcome Strides(CheckContext context, CudaBackend backend)
    {
        var one = new AttentionCase(2, 3, 333, 517, 64, 64, ScalarType.BFloat16, ListKind.PerHead, false);
        var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed, context.Device));
        var expected = backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks).Output;
        Dictionary<string, Func<Tensor, Tensor>> layouts = new()
        {
            ["[B,S,N,D]"] = x => x.transpose(1, 2).contiguous().transpose(1, 2),
            ["[B,S,3,N,D]"] = x => stack([x, x * 2, x * 3], 1).permute(0, 3, 1, 2, 4).contiguous().select(2, 0).transpose(1, 2),
            ["wide rows"] = x => cat([x, x], 3).narrow(3, 0, 64),
            ["odd start"] = x => cat([x.narrow(3, 0, 3), x, x.narrow(3, 0, 5)], 3).narrow(3, 3, 64),
            ["D outside"] = x => x.transpose(2, 3).contiguous().transpose(2, 3),
        };
        return Outcome.Worst(layouts.Keys, layout =>
        {
            var changed = inputs.Select(layouts[layout]);
            return Outcome.None(Numbers.CountDifferent(backend.Forward(changed.Query, changed.Key, changed.Value, blocks).Output, expected));
        });
    }
}
