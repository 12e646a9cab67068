using System.Globalization;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The published code's sums, masks and outputs, from the repository's goldens.</summary>
internal sealed class GoldenChecks : CheckFamily
{
    private const int BlockSize = 128;

    // A row of sums adds up to at most 32.
    private const double SumTolerance = 1e-4;
    private static readonly string[] Thresholds = ["0.8", "0.9", "0.95"];

    /// <inheritdoc/>
    public override string Name => "goldens";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => XAttentionChecks.AllKernels(context);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        if (context.Options.Goldens is not { } folder)
        {
            context.Report.Check("goldens", () => Outcome.Failed("the folder tests/Goldens/xattention was not found; name it with --goldens"));
            return;
        }
        using var file = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        foreach (var stride in XAttentionSettings.Strides)
        {
            context.Report.Check($"golden sums stride {stride}", () =>
            {
                var (comparison, expected) = (Compare(context, file, stride, 0.9), Get(context, file, $"sums_s{stride}", ScalarType.Float64));
                return Numbers.Within(comparison.Scores, expected, full(expected.shape, SumTolerance, ScalarType.Float64, context.Device));
            });
            foreach (var threshold in Thresholds)
                context.Report.CheckAll($"golden stride {stride} τ {threshold}", () => Masks(context, file, stride, threshold));
        }
        foreach (var backend in context.Backends)
            context.Report.Check($"golden output {backend.Name} dense", () =>
            {
                Tensor Input(string name) => Get(context, file, name, ScalarType.BFloat16);
                var inputs = new AttentionTensors(Input("q"), Input("k"), Input("v"));
                var output = backend.Forward(inputs.Query, inputs.Key, inputs.Value).Output;
                var expected = Get(context, file, "out_dense", ScalarType.Float64);
                return Outcome.Worse(AttentionTruth.Of(inputs, null).Rounding(output), "against the golden", () => Numbers.Within(output, expected, full(expected.shape, 0.01 * Numbers.Largest(expected), ScalarType.Float64, context.Device)));
            });
    }

    private static IReadOnlyList<(string, Outcome)> Masks(CheckContext context, SafetensorsFile file, int stride, string threshold)
    {
        var comparison = Compare(context, file, stride, double.Parse(threshold, CultureInfo.InvariantCulture));
        var golden = Get(context, file, $"mask_s{stride}_t{threshold}", ScalarType.Bool);
        return [("mask", Outcome.None(Numbers.CountDifferent(comparison.List.ToMask(), golden))), ("choice", comparison.ChoiceFollows())];
    }

    private static XAttentionComparison Compare(CheckContext context, SafetensorsFile file, int stride, double threshold)
    {
        var (query, key) = (Get(context, file, "q", ScalarType.BFloat16), Get(context, file, "k", ScalarType.BFloat16));
        return new XAttentionComparison(query, key, new BlockLayout((int)query.size(2), (int)key.size(2), BlockSize), stride, new SelectionRule { Threshold = threshold, KeepsFirstBlock = true });
    }

    private static unsafe Tensor Get(CheckContext context, SafetensorsFile file, string name, ScalarType dtype)
    {
        var entry = file.Entries[name];
        var stored = entry.DType switch { SafetensorsDType.F32 => ScalarType.Float32, SafetensorsDType.BF16 => ScalarType.BFloat16, _ => ScalarType.Bool };
        using var mapped = ForeignMemory.AsTensor(file.Pointer(entry), [.. entry.Shape], stored);
        return mapped.to(dtype, context.Device, copy: true);
    }
}
