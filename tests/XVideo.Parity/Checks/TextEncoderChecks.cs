using XVideo.Pipeline.TextEncoding;
using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>The text encoder of a Wan model folder: ids and mask to vectors.</summary>
public sealed class TextEncoderChecks : CheckFamily
{
    private const double BFloat16Share = 0.1;

    /// <inheritdoc/>
    public override string Title => "text encoder";

    /// <inheritdoc/>
    public override bool Fits(string folder) => WanFolder.Holds(folder, "te_");

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        using var scope = NewDisposeScope();
        using var golden = WanFolder.Open(folder.Path);
        var (encoder, source) = Umt5Encoder.Load(Path.Combine(folder.Path, "text_encoder"), options.DType, options.Device);
        using var _ = source;
        var encoded = encoder.Forward(golden.Get("te_ids", options.Device), golden.Get("te_mask", options.Device));
        var reference = golden.Get("te_out");
        report.Compare($"{folder.Name} text encoder output", encoded, reference, Tolerance(options, NetworkTolerance, BFloat16Share, reference));
    }
}
