using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.Torch.Safetensors;

namespace XVideo.DiT.Wan;

/// <summary>Sizes of a Wan 2.1 text-to-video transformer. Source: the <c>transformer/config.json</c> of the published models.</summary>
public sealed record WanTransformerConfig
{
    /// <summary>The class name in <c>model_index.json</c> and <c>config.json</c>.</summary>
    public const string ClassName = "WanTransformer3DModel";

    /// <summary>Latent (frames, rows, columns) that one token covers.</summary>
    [JsonPropertyName("patch_size")] public required int[] PatchSize { get; init; }

    /// <summary>Number of heads N.</summary>
    [JsonPropertyName("num_attention_heads")] public required int HeadCount { get; init; }

    /// <summary>Head dimension D; even, at least 6 (three rotary axes of pairs).</summary>
    [JsonPropertyName("attention_head_dim")] public required int HeadDim { get; init; }

    /// <summary>Latent channels C in.</summary>
    [JsonPropertyName("in_channels")] public required int InChannels { get; init; }

    /// <summary>Latent channels out.</summary>
    [JsonPropertyName("out_channels")] public required int OutChannels { get; init; }

    /// <summary>Width of the text encoder's output.</summary>
    [JsonPropertyName("text_dim")] public required int TextDim { get; init; }

    /// <summary>Length of the sinusoidal time embedding; even.</summary>
    [JsonPropertyName("freq_dim")] public int FrequencyDim { get; init; } = 256;

    /// <summary>Hidden width of the feed-forward network.</summary>
    [JsonPropertyName("ffn_dim")] public required int FeedForwardDim { get; init; }

    /// <summary>Number of blocks.</summary>
    [JsonPropertyName("num_layers")] public required int LayerCount { get; init; }

    /// <summary>Whether cross-attention has a normalisation of its own before it.</summary>
    [JsonPropertyName("cross_attn_norm")] public bool CrossAttentionNorm { get; init; } = true;

    /// <summary>Normalisation of queries and keys.</summary>
    [JsonPropertyName("qk_norm")] public string? QueryKeyNorm { get; init; } = "rms_norm_across_heads";

    /// <summary>Added to variances.</summary>
    [JsonPropertyName("eps")] public double Epsilon { get; init; } = 1e-6;

    /// <summary>Most positions along one axis of the token grid.</summary>
    [JsonPropertyName("rope_max_seq_len")] public int MaxPositions { get; init; } = 1024;

    /// <summary>Set for image-to-video models, which are not supported.</summary>
    [JsonPropertyName("image_dim")] public int? ImageDim { get; init; }

    /// <summary>Set for image-to-video models, which are not supported.</summary>
    [JsonPropertyName("added_kv_proj_dim")] public int? AddedKeyValueDim { get; init; }

    /// <summary>Model width E = N·D.</summary>
    [JsonIgnore] public int Width => HeadCount * HeadDim;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <exception cref="ModelFileException">The file is missing, not JSON, lacks a size, or describes a model of another kind.</exception>
    public static WanTransformerConfig Read(string path)
    {
        WanTransformerConfig config;
        try
        {
            config = JsonSerializer.Deserialize<WanTransformerConfig>(File.ReadAllBytes(path)) ?? throw new JsonException("it holds null");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"not a usable {ClassName} config: {error.Message}", error);
        }
        var problems = config.Problems().ToList();
        return problems.Count == 0 ? config : throw new ModelFileException(path, problems);
    }

    private IEnumerable<string> Problems()
    {
        if (PatchSize.Length != 3 || PatchSize.Any(size => size < 1)) yield return $"patch_size must be three numbers of at least 1, got [{string.Join(", ", PatchSize)}]";
        foreach (var (name, value) in new[]
        {
            ("num_attention_heads", HeadCount), ("in_channels", InChannels), ("out_channels", OutChannels), ("text_dim", TextDim),
            ("ffn_dim", FeedForwardDim), ("num_layers", LayerCount), ("rope_max_seq_len", MaxPositions),
        })
            if (value is < 1 or > 1_000_000) yield return $"{name} must be from 1 to 1,000,000, got {value}";
        if (HeadDim is < 6 or > 1024 || HeadDim % 2 != 0) yield return $"attention_head_dim must be even and from 6 to 1024, got {HeadDim}";
        if (FrequencyDim < 2 || FrequencyDim % 2 != 0) yield return $"freq_dim must be even and at least 2, got {FrequencyDim}";
        if (QueryKeyNorm != "rms_norm_across_heads") yield return $"qk_norm must be rms_norm_across_heads, got {QueryKeyNorm ?? "none"}";
        if (ImageDim is not null || AddedKeyValueDim is not null) yield return "image_dim and added_kv_proj_dim must be null: image-to-video models are not supported";
    }
}
