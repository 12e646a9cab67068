using System.Globalization;
using TorchSharp;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>
/// XAttention: sums along antidiagonals, masks and outputs of the published code. Its length is a multiple of the block, so that its flaw with padded
/// keys does not show; its masks always keep key block 0.
/// </summary>
public sealed class XAttentionChecks : CheckFamily
{
    private const string Golden = "golden.safetensors";
    private const int BlockSize = 128;

    // A row of sums adds up to at most 32; float32 sums in another order were measured at 4e-6.
    private const double SumTolerance = 1e-4;
    private const double OutputTolerance = 1e-4;
    private const double BFloat16Share = 0.01;
    private static readonly string[] Thresholds = ["0.8", "0.9", "0.95"];

    /// <inheritdoc/>
    public override string Title => "XAttention";

    /// <inheritdoc/>
    public override bool Fits(string folder) => GoldenFile.Holds(Path.Combine(folder, Golden), "sums_s");

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenFile(Path.Combine(folder.Path, Golden));
        Tensor Input(string name) => golden.Get(name, options.Device, options.DType);
        var (query, key, value) = (Input("q"), Input("k"), Input("v"));
        var layout = new BlockLayout((int)query.size(2), (int)key.size(2), BlockSize);
        foreach (var stride in XAttentionSettings.Strides)
        {
            var sums = AntidiagonalScores.Compute(query, key, layout, stride);
            report.Compare($"{folder.Name} sums stride {stride}", sums, golden.Get($"sums_s{stride}"), SumTolerance);
            foreach (var threshold in Thresholds)
            {
                using var chooser = new BlockChooser(new SelectionRule { Threshold = double.Parse(threshold, CultureInfo.InvariantCulture), KeepsFirstBlock = true });
                var list = chooser.Choose(sums, layout);
                var title = $"stride {stride} threshold {threshold}";
                CompareMasks($"{folder.Name} mask {title}", list, golden.Get($"mask_s{stride}_t{threshold}"), report);
                var name = $"out_s{stride}_t{threshold}";
                if (golden.Has(name)) CompareOutput($"{folder.Name} output {title}", list, golden.Get(name));
            }
        }
        CompareOutput($"{folder.Name} output dense", null, golden.Get("out_dense"));

        void CompareOutput(string name, BlockList? list, Tensor reference)
        {
            IAttentionBackend backend = options.Device.type == DeviceType.CPU ? new CpuBackend() : new ReferenceBackend();
            report.Compare(name, backend.Forward(query, key, value, list).Output, reference, Tolerance(options, OutputTolerance, BFloat16Share, reference));
        }
    }

    private static void CompareMasks(string name, BlockList list, Tensor reference, ParityReport report)
    {
        using var scope = NewDisposeScope();
        var actual = list.ToMask().to(ScalarType.Byte, CPU).contiguous().data<byte>().ToArray();
        var expected = reference.to(ScalarType.Byte).data<byte>().ToArray();
        int keyBlocks = list.Layout.KeyBlocks, queryBlocks = list.Layout.QueryBlocks;
        var differences = Enumerable.Range(0, expected.Length).Where(at => at >= actual.Length || actual[at] != expected[at]).Select(at =>
            $"head {at / keyBlocks / queryBlocks}, row {at / keyBlocks % queryBlocks}, key block {at % keyBlocks}: the reference {(expected[at] != 0 ? "keeps" : "drops")} it").ToList();
        report.CompareCases(name, expected.Length, differences);
    }
}
