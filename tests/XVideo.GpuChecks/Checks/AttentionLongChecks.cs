using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The length of a full Wan video, compared at some rows.</summary>
internal sealed class AttentionLongChecks : CheckFamily
{
    private const int Tokens = 32760, Heads = 3;

    /// <inheritdoc/>
    public override string Name => "attention long";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) =>
        AttentionAccuracyChecks.AllKernels(context).Concat([KernelCatalog.RowOrder(KernelCatalog.SortWidth(Tokens / 64 + 1))]);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        var configurations = AttentionAccuracyChecks.Configurations.Where(one => !context.Options.IsQuick || one is { HeadDim: 128, DType: ScalarType.BFloat16 });
        foreach (var (headDim, block, dtype) in configurations)
            context.Report.CheckAll($"long {Numbers.Short(dtype)} D={headDim} block {block}", () => Compare(context, new AttentionCase(1, Heads, Tokens, Tokens, headDim, block, dtype, ListKind.Dense, true)));
    }

    private static IReadOnlyList<(string, Outcome)> Compare(CheckContext context, AttentionCase one)
    {
        var inputs = one.CreateTensors(context.Device);
        using var sparse = RandomLists.Create(one.Layout, 1, Heads, 0.3, 50, context.Options.Seed, context.Device);
        int[] sampled = [0, 1, 49, one.Layout.QueryBlocks / 2, one.Layout.QueryBlocks - 1];
        var outcomes = new List<(string, Outcome)>();
        foreach (var (kind, blocks) in ((string, BlockList?)[])[("dense", null), ("density 0.3", sparse)])
        {
            using var scope = NewDisposeScope();
            var results = context.Backends.Select(backend => (Backend: backend, Result: backend.Forward(inputs.Query, inputs.Key, inputs.Value, blocks, wantsLogSumExp: true))).ToArray();
            var samples = sampled.Select(row => new Sample(row, TruthOf(inputs, blocks, one.Layout, row))).ToArray();
            foreach (var (backend, (output, logSumExp)) in results)
            {
                Tensor Rows(Tensor x, int row) => x.narrow(2, row * one.BlockSize, one.Layout.QueryCount(row));
                outcomes.Add(($"{backend.Name} {kind} rule", Outcome.Worst(samples, at => at.Truth.Rule(Rows(output, at.Row)))));
                outcomes.Add(($"{backend.Name} {kind} rounding", Outcome.Worst(samples, at => at.Truth.Rounding(Rows(output, at.Row)))));
                outcomes.Add(($"{backend.Name} {kind} lse", Outcome.Worst(samples, at => at.Truth.LogSumExp(Rows(logSumExp!, at.Row)))));
            }
        }
        return outcomes;
    }

    // The one query block with its row of the list is a problem of its own.
    private static AttentionTruth TruthOf(AttentionTensors inputs, BlockList? blocks, BlockLayout layout, int row)
    {
        var count = layout.QueryCount(row);
        var own = inputs with { Query = inputs.Query.narrow(2, row * layout.BlockSize, count) };
        var list = blocks is null ? null : new BlockList(
            layout with { QueryTokens = count }, blocks.Counts.narrow(2, row, 1).contiguous(), blocks.Indices.narrow(2, row, 1).contiguous());
        return AttentionTruth.Of(own, list);
    }

    private sealed record Sample(int Row, AttentionTruth Truth)
    {
        public override string ToString() => $"query block {Row}";
    }
}
