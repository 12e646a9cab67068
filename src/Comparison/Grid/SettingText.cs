using System.Globalization;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;

namespace XVideo.Comparison.Grid;

/// <summary>Settings of attention by the names of their options: into a request, and out of complete options.</summary>
internal static class SettingText
{
    /// <summary>All that a grid may name, in the order of ids and labels.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "threshold", "density", "window", "stride", "dense-warmup", "block-size", "min-blocks", "max-blocks", "keeps-first-block", "dense-first-layers", "dense-last-layers", "mask-refresh",
    ];

    /// <summary>Says a setting.</summary>
    /// <param name="request">What is said so far.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="text">Its value, the window as 2x4x4.</param>
    /// <returns><see langword="null"/> when the text is no value of such a setting.</returns>
    public static AttentionRequest? With(AttentionRequest request, string name, string text) => name switch
    {
        "threshold" => request with { Threshold = text, Density = null },
        "density" => Number(text) is { } density ? request with { Density = density, Threshold = null } : null,
        "window" => request with { Window = text.Replace('x', ',') },
        "dense-warmup" => request with { DenseWarmup = text },
        "keeps-first-block" => bool.TryParse(text, out var keeps) ? request with { KeepsFirstBlock = keeps } : null,
        _ => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? With(request, name, whole) : null,
    };

    /// <summary>Only the settings that a method reads.</summary>
    public static AttentionRequest ReadBy(string method, AttentionRequest request)
    {
        var read = new AttentionRequest { Method = method, Backend = request.Backend };
        foreach (var (name, value) in request.Said())
            if (AttentionRequest.IsRead(method, name)) read = With(read, name, value) ?? read;
        return read;
    }

    /// <summary>A setting of complete options; <see langword="null"/> when it has no effect there.</summary>
    public static string? Of(AttentionOptions options, string name) => AttentionMethod.Find(options.Method)?.Settings.Contains(name) != true ? null : name switch
    {
        "threshold" => options.Density is null ? options.Thresholds is null ? Threshold(options) : "by layer and head" : null,
        "density" => options.Density is { } density ? Short(density) : null,
        "window" => options.Density is null ? FormattableString.Invariant($"{options.Window.Frames},{options.Window.Rows},{options.Window.Columns}") : null,
        "stride" => Show(options.Stride),
        "dense-warmup" => options.DenseWarmup.ToString(),
        "block-size" => Show(options.BlockSize),
        "min-blocks" => Show(options.MinBlocks),
        "max-blocks" => options.MaxBlocks is { } most ? Show(most) : null,
        "keeps-first-block" => options.KeepsFirstBlock ? "true" : "false",
        "dense-first-layers" => Show(options.DenseFirstLayers),
        "dense-last-layers" => Show(options.DenseLastLayers),
        "mask-refresh" => Show(options.RefreshInterval),
        _ => null,
    };

    /// <summary>With at least two digits, as thresholds and densities are written in tables.</summary>
    public static string Short(double value) => value.ToString("0.00####", CultureInfo.InvariantCulture);

    private static AttentionRequest? With(AttentionRequest request, string name, int whole) => name switch
    {
        "stride" => request with { Stride = whole },
        "block-size" => request with { BlockSize = whole },
        "min-blocks" => request with { MinBlocks = whole },
        "max-blocks" => request with { MaxBlocks = whole },
        "dense-first-layers" => request with { DenseFirstLayers = whole },
        "dense-last-layers" => request with { DenseLastLayers = whole },
        "mask-refresh" => request with { MaskRefresh = whole },
        _ => null,
    };

    private static string Threshold(AttentionOptions options) => string.Join(' ', options.Threshold.Values.Select(Short));

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
