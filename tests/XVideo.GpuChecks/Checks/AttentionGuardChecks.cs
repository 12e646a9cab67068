using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The kernels write their output and nothing beside it.</summary>
internal sealed class AttentionGuardChecks : CheckFamily
{
    // Exact in every type, and no value that attention gives here.
    private const double Canary = 123;
    private const int Around = 4096;

    /// <inheritdoc/>
    public override string Name => "attention guards";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => AttentionAccuracyChecks.AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var backend in context.Backends)
            context.Report.Check($"guards {backend.Name}: only the output is written", () => Outcome.Worst(Cases, one => Guarded(context, backend, one)));
    }

    private static IEnumerable<AttentionCase> Cases =>
        from one in AttentionAccuracyChecks.Configurations
        from lists in (ListKind[])[ListKind.Dense, ListKind.PerHead]
        from tokens in (int[])[1, 239, 320]
        select new AttentionCase(2, 3, tokens, 407, one.HeadDim, one.BlockSize, one.DType, lists, false);

    private static Outcome Guarded(CheckContext context, CudaBackend backend, AttentionCase one)
    {
        using var scope = NewDisposeScope();
        var (inputs, blocks) = (one.CreateTensors(context.Device), one.CreateList(context.Options.Seed, context.Device));
        // A head more than is used, after each token: a gap between the rows of the output.
        var (batch, heads, tokens, headDim) = ((long)one.Batch, (long)one.Heads, (long)one.QueryTokens, (long)one.HeadDim);
        var size = batch * tokens * (heads + 1) * headDim;
        var memory = full([size + (2 * Around)], Canary, one.DType, context.Device);
        var rows = memory.narrow(0, Around, size).view(batch, tokens, heads + 1, headDim);
        var output = rows.narrow(2, 0, heads).transpose(1, 2);
        var sums = full([(batch * heads * tokens) + (2 * Around)], Canary, ScalarType.Float32, context.Device);
        var logSumExp = sums.narrow(0, Around, batch * heads * tokens).view(batch, heads, tokens);

        backend.Launch(inputs.Query, inputs.Key, inputs.Value, output, logSumExp, blocks, null);

        var expected = backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, wantsLogSumExp: true);
        var wrong = Numbers.CountDifferent(output, expected.Output) + Numbers.CountDifferent(logSumExp, expected.LogSumExp!);
        if (wrong > 0) return Outcome.None(wrong, "the output itself differs from what the backend gives");
        var touched = Touched(memory.narrow(0, 0, Around)) + Touched(memory.narrow(0, Around + size, Around)) + Touched(rows.narrow(2, heads, 1))
            + Touched(sums.narrow(0, 0, Around)) + Touched(sums.narrow(0, Around + (batch * heads * tokens), Around));
        return Outcome.None(touched);
    }

    private static long Touched(Tensor guard)
    {
        using var canary = full([1], Canary, guard.dtype, guard.device);
        using var expected = canary.expand(guard.shape);
        return Numbers.CountDifferent(guard, expected);
    }
}
