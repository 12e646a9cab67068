using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>Inputs that break careless kernels, and memory that none may read.</summary>
internal sealed class AttentionHostileChecks : CheckFamily
{
    private const int Heads = 2, QueryTokens = 417, KeyTokens = 587;

    /// <inheritdoc/>
    public override string Name => "attention hostile";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => AttentionAccuracyChecks.AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        (string Name, Action<AttentionTensors> Spoil)[] hostile =
        [
            ("large outlier channel", OutlierChannel),
            ("all scores near 1000", NearThousand),
            ("constant keys", inputs => inputs.Key.fill_(0.5)),
            ("one huge key", inputs => inputs.Key.narrow(2, 300, 1).mul_(100)),
            ("NaN key", inputs => inputs.Key.narrow(2, 300, 1).fill_(double.NaN)),
            ("NaN in the last key", inputs => inputs.Key.narrow(2, KeyTokens - 1, 1).fill_(double.NaN)),
            ("NaN query", inputs => inputs.Query.narrow(2, 200, 1).fill_(double.NaN)),
            ("infinite value", inputs => inputs.Value.narrow(2, 70, 1).narrow(3, 5, 1).fill_(double.PositiveInfinity)),
        ];
        foreach (var backend in context.Backends)
        {
            foreach (var (name, spoil) in hostile)
                context.Report.CheckAll($"hostile {backend.Name} {name}:", () => Compare(context, backend, spoil));
            context.Report.Check($"hostile {backend.Name} NaN around the inputs is not read", () => Outcome.Worst(AttentionAccuracyChecks.Configurations, one => InsideNaN(context, backend, one)));
            context.Report.Check($"hostile {backend.Name} scales 0.001, 2.5", () => Outcome.Worst([0.001, 2.5], scale => Scaled(context, backend, scale)));
            context.Report.Check($"hostile {backend.Name} no keys, no queries", () => Empty(context, backend));
        }
    }

    private static IReadOnlyList<(string, Outcome)> Compare(CheckContext context, IAttentionBackend backend, Action<AttentionTensors> spoil)
    {
        Outcome? rule = null, rounding = null, logSumExp = null;
        foreach (var (headDim, block, dtype) in AttentionAccuracyChecks.Configurations)
        {
            foreach (var lists in (ListKind[])[ListKind.Dense, ListKind.PerHead])
            {
                using var scope = NewDisposeScope();
                var one = new AttentionCase(1, Heads, QueryTokens, KeyTokens, headDim, block, dtype, lists, lists == ListKind.Dense);
                var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed, context.Device));
                spoil(inputs);
                var truth = AttentionTruth.Of(inputs, blocks);
                var result = new Lazy<AttentionResult>(() => backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, wantsLogSumExp: true));
                var name = $"{Numbers.Short(dtype)} D={headDim} block {block} {lists}";
                rule = Outcome.Worse(rule, name, () => truth.Rule(result.Value.Output));
                rounding = Outcome.Worse(rounding, name, () => truth.Rounding(result.Value.Output));
                logSumExp = Outcome.Worse(logSumExp, name, () => truth.LogSumExp(result.Value.LogSumExp!));
            }
        }
        return [("rule", rule!), ("rounding", rounding!), ("lse", logSumExp!)];
    }

    private static void OutlierChannel(AttentionTensors inputs)
    {
        inputs.Query.narrow(3, 3, 1).mul_(30);
        inputs.Key.narrow(3, 3, 1).mul_(30);
    }

    // One channel adds the same large number to every score, which the softmax must take away again.
    private static void NearThousand(AttentionTensors inputs)
    {
        inputs.Query.narrow(3, 0, 1).fill_(128);
        inputs.Key.narrow(3, 0, 1).fill_(1000 / 128.0 * Math.Sqrt(inputs.Query.size(3)));
    }

    // The inputs lie between tokens and heads of NaN.
    private static Outcome InsideNaN(CheckContext context, IAttentionBackend backend, (int HeadDim, int BlockSize, ScalarType DType) configuration)
    {
        using var scope = NewDisposeScope();
        var one = new AttentionCase(1, Heads, QueryTokens, KeyTokens, configuration.HeadDim, configuration.BlockSize, configuration.DType, ListKind.PerHead, false);
        var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed, context.Device));
        var wrapped = inputs.Select(Wrap);
        var (alone, inside) = (backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks).Output, backend.Forward(wrapped.Query, wrapped.Key, wrapped.Value, blocks).Output);
        return Outcome.None(Numbers.CountDifferent(inside, alone));
    }

    private static Tensor Wrap(Tensor x_bnsd)
    {
        const int around = 16;
        var (heads, tokens) = (x_bnsd.size(1), x_bnsd.size(2));
        var wide = full([1, heads + 2, tokens + (2 * around), x_bnsd.size(3)], double.NaN, x_bnsd.dtype, x_bnsd.device);
        var view = wide.narrow(1, 1, heads).narrow(2, around, tokens);
        view.copy_(x_bnsd);
        return view;
    }

    private static Outcome Scaled(CheckContext context, IAttentionBackend backend, double scale) =>
        Outcome.Worst(Shapes, one =>
        {
            using var scope = NewDisposeScope();
            var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed, context.Device));
            return AttentionTruth.Of(inputs, blocks, scale).Rounding(backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, scale).Output);
        });

    private static IEnumerable<AttentionCase> Shapes =>
        AttentionAccuracyChecks.Configurations.Where(one => one.DType == ScalarType.BFloat16)
            .Select(one => new AttentionCase(1, Heads, QueryTokens, KeyTokens, one.HeadDim, one.BlockSize, one.DType, ListKind.PerHead, true));

    private static Outcome Empty(CheckContext context, IAttentionBackend backend)
    {
        Tensor Zeros(int tokens) => zeros([1, Heads, tokens, 64], ScalarType.BFloat16, context.Device);
        var (output, logSumExp) = backend.Forward(Zeros(9), Zeros(0), Zeros(0), wantsLogSumExp: true);
        var isRight = Numbers.Largest(output.to(ScalarType.Float64)) == 0 && logSumExp!.eq((Scalar)double.NegativeInfinity).all().ToBoolean();
        return Outcome.Holds(isRight && backend.Forward(Zeros(0), Zeros(9), Zeros(9)).Output.numel() == 0);
    }
}
