using System.Globalization;
using System.Text.Json.Serialization;
using XVideo.SparseAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>
/// What a user, or the makers of a model, say about self-attention. <see langword="null"/> means: whatever holds otherwise. The meanings, units and
/// defaults are those of <see cref="AttentionOptions"/>; nothing is checked here.
/// </summary>
public sealed record AttentionRequest
{
    /// <summary>A name of <see cref="AttentionMethod.Names"/>.</summary>
    public string? Method { get; init; }

    /// <summary>One of <see cref="AttentionOptions.Backends"/>.</summary>
    public string? Backend { get; init; }

    /// <summary>Tokens of a block.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Distance of the sampled antidiagonals.</summary>
    public int? Stride { get; init; }

    /// <summary>A number more than 0 to 1, or the path of a JSON file of thresholds (<c>xvideo thresholds</c> makes them).</summary>
    [JsonConverter(typeof(NumberOrTextConverter))]
    public string? Threshold { get; init; }

    /// <summary>A number more than 0 to 1, instead of a threshold.</summary>
    public double? Density { get; init; }

    /// <summary>Fewest blocks of a row.</summary>
    public int? MinBlocks { get; init; }

    /// <summary>Most blocks of a row.</summary>
    public int? MaxBlocks { get; init; }

    /// <summary>Whether key block 0 is always kept.</summary>
    public bool? KeepsFirstBlock { get; init; }

    /// <summary>Latent frames, rows and columns to each side, for example <c>2,4,4</c>.</summary>
    public string? Window { get; init; }

    /// <summary>Steps such as <c>5</c>, or a share such as <c>10%</c>.</summary>
    [JsonConverter(typeof(NumberOrTextConverter))]
    public string? DenseWarmup { get; init; }

    /// <summary>Dense layers at the input.</summary>
    public int? DenseFirstLayers { get; init; }

    /// <summary>Dense layers at the output.</summary>
    public int? DenseLastLayers { get; init; }

    /// <summary>Steps for which blocks are reused.</summary>
    public int? MaskRefresh { get; init; }

    /// <summary>Whether a method reads a setting; an unknown method reads everything.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="setting">The name of its option without dashes.</param>
    public static bool IsRead(string method, string setting) => AttentionMethod.Find(method)?.Settings.Contains(setting) ?? true;

    /// <summary>The settings that are said here, by the names of their options, with their values; method and backend do not count.</summary>
    public IEnumerable<(string Name, string Value)> Said()
    {
        (string Name, IConvertible? Value)[] all =
        [
            ("block-size", BlockSize), ("stride", Stride), ("threshold", Threshold), ("density", Density), ("min-blocks", MinBlocks), ("max-blocks", MaxBlocks),
            ("keeps-first-block", KeepsFirstBlock), ("window", Window), ("dense-warmup", DenseWarmup), ("dense-first-layers", DenseFirstLayers),
            ("dense-last-layers", DenseLastLayers), ("mask-refresh", MaskRefresh),
        ];
        return all.Where(setting => setting.Value is not null).Select(setting => (setting.Name, setting.Value!.ToString(CultureInfo.InvariantCulture)));
    }
}
