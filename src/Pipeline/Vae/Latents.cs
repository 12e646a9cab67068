using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Moves latents between the autoencoder's own range and the one that the transformer works in: mean 0 and deviation 1 per channel.</summary>
public static class Latents
{
    /// <summary>(latents − mean) / deviation, channel by channel.</summary>
    /// <param name="latents">[B, C, T, H, W] as <see cref="WanVae.EncodeMoments"/> gives them.</param>
    /// <param name="config">Holds the statistics.</param>
    /// <returns>The same shape and type, in new storage. Computed in float32.</returns>
    public static Tensor Normalize(Tensor latents, WanVaeConfig config)
    {
        using var scope = NewDisposeScope();
        var (mean, std) = Statistics(latents, config);
        return latents.to(ScalarType.Float32).sub(mean).div(std).to(latents.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>latents · deviation + mean, channel by channel: undoes <see cref="Normalize"/>.</summary>
    /// <param name="latents">[B, C, T, H, W] as the transformer gives them.</param>
    /// <param name="config">Holds the statistics.</param>
    /// <returns>The same shape and type, in new storage. Computed in float32.</returns>
    public static Tensor Denormalize(Tensor latents, WanVaeConfig config)
    {
        using var scope = NewDisposeScope();
        var (mean, std) = Statistics(latents, config);
        return latents.to(ScalarType.Float32).mul(std).add(mean).to(latents.dtype).MoveToOuterDisposeScope();
    }

    private static (Tensor Mean, Tensor Std) Statistics(Tensor latents, WanVaeConfig config)
    {
        if (latents.ndim != 5 || latents.size(1) != config.ZDim)
            throw new ArgumentException($"latents has shape [{string.Join(", ", latents.shape)}]; it must be [B, {config.ZDim}, T, H, W]: the VAE has {config.ZDim} latent channels.", nameof(latents));
        return (PerChannel(config.LatentsMean), PerChannel(config.LatentsStd));

        Tensor PerChannel(IReadOnlyList<double> values) =>
            tensor([.. values.Select(value => (float)value)], device: latents.device).reshape(1, values.Count, 1, 1, 1);
    }
}
