using System.Text.Json;
using XVideo.DiT.Wan;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;

namespace XVideo.Train.Models;

/// <summary>Sizes of the default model and of its clips. Everything that reads the model reads them from its configs, not from here.</summary>
internal static class DefaultModel
{
    // Clips: 41 frames of 256×192 at 16 fps are 11×24×32 latents and 11×12×16 = 2,112 tokens.
    public static readonly ClipSize Size = new(41, 192, 256);
    // The larger preset: 15×36×48 latents, 6,480 tokens.
    public static readonly ClipSize LargeSize = new(57, 288, 384);
    public static readonly ClipSize SmallSize = new(41, 96, 128);
    public static readonly ClipSize ShortSize = new(25, 192, 256);

    // Where each part of training starts in the endless list of scenes, so that none repeats another's.
    public const long DecoderScenes = 200_000_000;
    public const long TransformerScenes = 100_000_000;
    public const long FinishScenes = 300_000_000;
    public const long TextScenes = 400_000_000;
    public const long LargeScenes = 50_000_000;
    public const long ShortScenes = 25_000_000;
    public const long SmallScenes = 75_000_000;

    public const int FrameRate = 16;
    public const int TextLength = 48;

    public const int LatentChannels = 16;

    public const int TextWidth = 128;
    public const int TextHeadDim = 32;

    /// <summary>The autoencoder; its latent statistics are measured when it is trained.</summary>
    public static WanVaeConfig Autoencoder(IReadOnlyList<double> mean, IReadOnlyList<double> deviation) =>
        new(8, 8, [3, 6, 10, 10], 1, [false, true, true], LatentChannels, 3, 3, mean, deviation);

    /// <summary>The transformer's <c>config.json</c>: 7 layers of 4 heads × 64.</summary>
    public static Dictionary<string, object?> Transformer() => new()
    {
        ["_class_name"] = "WanTransformer3DModel",
        ["added_kv_proj_dim"] = null,
        ["attention_head_dim"] = 64,
        ["cross_attn_norm"] = true,
        ["eps"] = 1e-6,
        ["ffn_dim"] = 640,
        ["freq_dim"] = 256,
        ["image_dim"] = null,
        ["in_channels"] = LatentChannels,
        ["num_attention_heads"] = 4,
        ["num_layers"] = 7,
        ["out_channels"] = LatentChannels,
        ["patch_size"] = new[] { 1, 2, 2 },
        ["pos_embed_seq_len"] = null,
        ["qk_norm"] = "rms_norm_across_heads",
        ["rope_max_seq_len"] = 1024,
        ["text_dim"] = TextWidth,
    };

    /// <summary>The same as the transformer reads it.</summary>
    public static WanTransformerConfig TransformerConfig() => JsonSerializer.Deserialize<WanTransformerConfig>(JsonSerializer.Serialize(Transformer()))!;

    /// <summary>The text encoder's <c>config.json</c>.</summary>
    public static Dictionary<string, object?> TextEncoder(int vocabularySize) => new()
    {
        ["architectures"] = new[] { "UMT5EncoderModel" },
        ["d_ff"] = 256,
        ["d_kv"] = TextHeadDim,
        ["d_model"] = TextWidth,
        ["dense_act_fn"] = "gelu_new",
        ["feed_forward_proj"] = "gated-gelu",
        ["is_encoder_decoder"] = false,
        ["is_gated_act"] = true,
        ["layer_norm_epsilon"] = 1e-6,
        ["model_type"] = "umt5",
        ["num_heads"] = 4,
        ["num_layers"] = 3,
        ["pad_token_id"] = 0,
        ["eos_token_id"] = 1,
        ["relative_attention_max_distance"] = 128,
        ["relative_attention_num_buckets"] = 32,
        ["vocab_size"] = vocabularySize,
    };

    /// <summary>The same as the text encoder reads it.</summary>
    public static Umt5Config TextEncoderConfig(int vocabularySize) => JsonSerializer.Deserialize<Umt5Config>(JsonSerializer.Serialize(TextEncoder(vocabularySize)))!;
}
