using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.TextEncoding;

/// <summary>Sizes of a UMT5 text encoder. Source: the <c>text_encoder/config.json</c> of the published Wan 2.1 models.</summary>
public sealed record Umt5Config
{
    /// <summary>The class name in <c>model_index.json</c> and in <c>architectures</c>.</summary>
    public const string ClassName = "UMT5EncoderModel";

    /// <summary>Number of token ids.</summary>
    [JsonPropertyName("vocab_size")] public required int VocabularySize { get; init; }

    /// <summary>Model width E.</summary>
    [JsonPropertyName("d_model")] public required int Width { get; init; }

    /// <summary>Head dimension D; heads times D need not be the model width.</summary>
    [JsonPropertyName("d_kv")] public required int HeadDim { get; init; }

    /// <summary>Number of heads N.</summary>
    [JsonPropertyName("num_heads")] public required int HeadCount { get; init; }

    /// <summary>Hidden width of the feed-forward network.</summary>
    [JsonPropertyName("d_ff")] public required int FeedForwardDim { get; init; }

    /// <summary>Number of blocks.</summary>
    [JsonPropertyName("num_layers")] public required int LayerCount { get; init; }

    /// <summary>Number of distance classes of the position bias, half of them for each direction; even, at least 4.</summary>
    [JsonPropertyName("relative_attention_num_buckets")] public int BucketCount { get; init; } = 32;

    /// <summary>Distance from which all positions fall into one class.</summary>
    [JsonPropertyName("relative_attention_max_distance")] public int MaxDistance { get; init; } = 128;

    /// <summary>Added to mean squares.</summary>
    [JsonPropertyName("layer_norm_epsilon")] public double Epsilon { get; init; } = 1e-6;

    /// <summary>The form of the feed-forward network; only the gated one with a tanh-approximated GELU is supported.</summary>
    [JsonPropertyName("feed_forward_proj")] public string FeedForward { get; init; } = GatedGelu;

    /// <summary>The family; a plain T5 has one position bias for all blocks, and is not supported.</summary>
    [JsonPropertyName("model_type")] public string ModelType { get; init; } = Umt5;

    /// <summary>N·D.</summary>
    [JsonIgnore] public int InnerWidth => HeadCount * HeadDim;

    private const string GatedGelu = "gated-gelu";
    private const string Umt5 = "umt5";

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <exception cref="ModelFileException">The file is missing, not JSON, lacks a size, or describes a model of another kind.</exception>
    public static Umt5Config Read(string path)
    {
        Umt5Config config;
        try
        {
            config = JsonSerializer.Deserialize<Umt5Config>(File.ReadAllBytes(path)) ?? throw new JsonException("it holds null");
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
        foreach (var (name, value, least) in new[]
        {
            ("vocab_size", VocabularySize, 1), ("d_model", Width, 1), ("d_kv", HeadDim, 1), ("num_heads", HeadCount, 1), ("d_ff", FeedForwardDim, 1),
            ("num_layers", LayerCount, 1), ("relative_attention_num_buckets", BucketCount, 4),
        })
            if (value < least || value > 10_000_000) yield return $"{name} must be from {least} to 10,000,000, got {value}";
        if (BucketCount % 2 != 0) yield return $"relative_attention_num_buckets must be even, got {BucketCount}";
        if (MaxDistance <= BucketCount / 4) yield return $"relative_attention_max_distance must be over {BucketCount / 4}, got {MaxDistance}";
        if (!(Epsilon > 0 && Epsilon < 1)) yield return $"layer_norm_epsilon must be over 0 and under 1, got {Epsilon}";
        if (FeedForward != GatedGelu) yield return $"feed_forward_proj must be {GatedGelu}, got {FeedForward}";
        if (ModelType != Umt5) yield return $"model_type must be {Umt5}, got {ModelType}";
    }
}
