using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>The transformer of a Wan model folder: its output, and every intermediate value that the golden holds.</summary>
public sealed class TransformerChecks : CheckFamily
{
    private const double BFloat16Share = 0.05;
    private const string IntermediatePrefix = "act_";

    /// <inheritdoc/>
    public override string Title => "transformer";

    /// <inheritdoc/>
    public override bool Fits(string folder) => WanFolder.Holds(folder, "tr_");

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        using var scope = NewDisposeScope();
        using var golden = WanFolder.Open(folder.Path);
        var (network, source) = WanFolder.LoadTransformer(folder.Path, options);
        using var _ = source;
        using var __ = network;
        var waiting = golden.Names.Where(name => name.StartsWith(IntermediatePrefix, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var output = network.Forward(
            golden.Get("tr_hidden", options.Device), golden.Get("tr_timestep", options.Device), golden.Get("tr_text", options.Device), new DenseAttention(), observe: Observe);
        Compare("output", output, "tr_out");
        foreach (var name in waiting.Order(StringComparer.Ordinal)) report.Fail($"{folder.Name} transformer {name}", "the network reports no value of this name");

        void Observe(string name, Tensor value)
        {
            if (waiting.Remove(IntermediatePrefix + name)) Compare(name, value, IntermediatePrefix + name);
        }

        void Compare(string name, Tensor value, string key)
        {
            using var reference = golden.Get(key);
            report.Compare($"{folder.Name} transformer {name}", value, reference, Tolerance(options, NetworkTolerance, BFloat16Share, reference));
        }
    }
}
