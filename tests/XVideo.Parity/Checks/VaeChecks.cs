using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>The autoencoder of a Wan model folder, both ways, the whole clip at once and as a stream.</summary>
public sealed class VaeChecks : CheckFamily
{
    private const double BFloat16Share = 0.25;

    /// <inheritdoc/>
    public override string Title => "vae";

    /// <inheritdoc/>
    public override bool Fits(string folder) => WanFolder.Holds(folder, "vae_");

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        using var scope = NewDisposeScope();
        using var golden = WanFolder.Open(folder.Path);
        var (vae, source) = WanFolder.LoadVae(folder.Path, options);
        using var _ = source;

        if (golden.Has("vae_latent"))
        {
            var latent = golden.Get("vae_latent", options.Device, options.DType);
            Compare("decode", vae.Decode(latent), "vae_decoded");
            Compare("decode, streamed", cat([.. vae.DecodeStream(latent)], 2), "vae_decoded");
        }
        if (golden.Has("vae_video"))
        {
            var video = golden.Get("vae_video", options.Device, options.DType);
            var (mean, logVariance) = vae.EncodeMoments(video);
            Compare("encode mean", mean, "vae_mean");
            Compare("encode log-variance", logVariance, "vae_logvar");
            var chunks = vae.EncodeStream(video).ToList();
            Compare("encode mean, streamed", cat([.. chunks.Select(chunk => chunk.Mean)], 2), "vae_mean");
            Compare("encode log-variance, streamed", cat([.. chunks.Select(chunk => chunk.LogVariance)], 2), "vae_logvar");
        }

        void Compare(string name, Tensor value, string key)
        {
            using var reference = golden.Get(key);
            report.Compare($"{folder.Name} vae {name}", value, reference, Tolerance(options, NetworkTolerance, BFloat16Share, reference));
        }
    }
}
