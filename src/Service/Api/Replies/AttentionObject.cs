using System.Globalization;
using System.Text.Json.Serialization;
using XVideo.Pipeline.Requests;

namespace XVideo.Service.Api.Replies;

/// <summary>The settings of self-attention in a reply: the same names as in a request; what the method does not read is left out.</summary>
public sealed record AttentionObject
{
    /// <summary>Its name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Method { get; init; }

    /// <summary>What was asked to compute it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Backend { get; init; }

    /// <summary>Tokens of a block.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? BlockSize { get; init; }

    /// <summary>Distance of the sampled antidiagonals.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Stride { get; init; }

    /// <summary>Share of the attention weight that the kept blocks hold.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? Threshold { get; init; }

    /// <summary>Share of the blocks to keep.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? Density { get; init; }

    /// <summary>Fewest key blocks of a query block.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? MinBlocks { get; init; }

    /// <summary>Most key blocks of a query block.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? MaxBlocks { get; init; }

    /// <summary>Whether key block 0 is always kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? KeepsFirstBlock { get; init; }

    /// <summary>Latent frames, rows and columns to each side.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Window { get; init; }

    /// <summary>Steps, or a share of them, that are dense.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? DenseWarmup { get; init; }

    /// <summary>Dense layers at the input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? DenseFirstLayers { get; init; }

    /// <summary>Dense layers at the output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? DenseLastLayers { get; init; }

    /// <summary>Steps for which blocks are reused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? MaskRefresh { get; init; }

    internal static AttentionObject From(AttentionRequest? said) => said is null ? new() : new()
    {
        Method = said.Method,
        Backend = said.Backend,
        BlockSize = said.BlockSize,
        Stride = said.Stride,
        Threshold = double.TryParse(said.Threshold, NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold) ? threshold : null,
        Density = said.Density,
        MinBlocks = said.MinBlocks,
        MaxBlocks = said.MaxBlocks,
        KeepsFirstBlock = said.KeepsFirstBlock,
        Window = said.Window,
        DenseWarmup = said.DenseWarmup,
        DenseFirstLayers = said.DenseFirstLayers,
        DenseLastLayers = said.DenseLastLayers,
        MaskRefresh = said.MaskRefresh,
    };
}
