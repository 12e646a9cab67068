using System.Text.Json;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Vae;

/// <summary>Sizes of a Wan 2.1 video autoencoder: the fields of its <c>vae/config.json</c> that change the network.</summary>
/// <param name="BaseDim">Encoder channels at full resolution.</param>
/// <param name="DecoderBaseDim">Decoder channels at full resolution.</param>
/// <param name="DimMult">Channel multiplier of each resolution level, full resolution first.</param>
/// <param name="NumResBlocks">Residual blocks of each encoder level; a decoder level has one more.</param>
/// <param name="TemporalDownsample">For each step between two levels, whether it also halves the frame count.</param>
/// <param name="ZDim">Latent channels.</param>
/// <param name="InChannels">Channels of the encoded video.</param>
/// <param name="OutChannels">Channels of the decoded video.</param>
/// <param name="LatentsMean">Mean of each latent channel over the training data.</param>
/// <param name="LatentsStd">Standard deviation of each latent channel over the training data.</param>
public sealed record WanVaeConfig(
    long BaseDim, long DecoderBaseDim, IReadOnlyList<long> DimMult, int NumResBlocks, IReadOnlyList<bool> TemporalDownsample,
    long ZDim, long InChannels, long OutChannels, IReadOnlyList<double> LatentsMean, IReadOnlyList<double> LatentsStd)
{
    /// <summary>Pixels of a latent pixel, along height and along width.</summary>
    public int SpatialFactor => 1 << TemporalDownsample.Count;

    /// <summary>Frames that one latent frame after the first stands for.</summary>
    public int TemporalFactor => 1 << TemporalDownsample.Count(halves => halves);

    /// <summary>Latent frames of a clip.</summary>
    /// <param name="frames">1 plus a multiple of <see cref="TemporalFactor"/>.</param>
    public long LatentFrames(long frames) => 1 + ((frames - 1) / TemporalFactor);

    /// <summary>Frames of a clip of latents: the first latent frame is one frame, every other <see cref="TemporalFactor"/>.</summary>
    public long Frames(long latentFrames) => 1 + ((latentFrames - 1) * TemporalFactor);

    /// <summary>Reads <c>vae/config.json</c>.</summary>
    /// <exception cref="ModelFileException">The file cannot be read, or describes a network that this class does not build; lists every problem.</exception>
    public static WanVaeConfig Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"The VAE's config cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads the text of a <c>config.json</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">Where it came from, for the error message.</param>
    /// <exception cref="ModelFileException">As <see cref="Load"/>.</exception>
    public static WanVaeConfig Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new WanVaeConfigReader(document.RootElement, path).Read();
        }
        catch (JsonException error)
        {
            throw new ModelFileException(path, $"The VAE's config is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> and diffusers read back as this config.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Dictionary<string, object?>
        {
            ["_class_name"] = "AutoencoderKLWan",
            ["attn_scales"] = Array.Empty<double>(),
            ["base_dim"] = BaseDim,
            ["decoder_base_dim"] = DecoderBaseDim == BaseDim ? null : DecoderBaseDim,
            ["dim_mult"] = DimMult,
            ["dropout"] = 0.0,
            ["in_channels"] = InChannels,
            ["is_residual"] = false,
            ["latents_mean"] = LatentsMean,
            ["latents_std"] = LatentsStd,
            ["num_res_blocks"] = NumResBlocks,
            ["out_channels"] = OutChannels,
            ["patch_size"] = null,
            ["scale_factor_spatial"] = SpatialFactor,
            ["scale_factor_temporal"] = TemporalFactor,
            ["temperal_downsample"] = TemporalDownsample,
            ["z_dim"] = ZDim,
        },
        IndentedJson);

    private static readonly JsonSerializerOptions IndentedJson = new() { WriteIndented = true };
}
