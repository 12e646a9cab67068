using System.Globalization;
using XVideo.Pipeline.Requests;
using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Requests;

/// <summary>The members of <c>attention</c>: those of the command line, with underscores.</summary>
internal static class AttentionFields
{
    // By the names that RequestProblem uses; "attention" and "attention-backend" are the options for method and backend.
    private static readonly Dictionary<string, string> Members = new()
    {
        ["attention"] = "method", ["attention-backend"] = "backend", ["block-size"] = "block_size", ["stride"] = "stride", ["threshold"] = "threshold", ["density"] = "density",
        ["min-blocks"] = "min_blocks", ["max-blocks"] = "max_blocks", ["keeps-first-block"] = "keeps_first_block", ["window"] = "window", ["dense-warmup"] = "dense_warmup",
        ["dense-first-layers"] = "dense_first_layers", ["dense-last-layers"] = "dense_last_layers", ["mask-refresh"] = "mask_refresh",
    };

    /// <summary>Every field, for example <c>attention.threshold</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Members.Values.Select(Full)];

    /// <summary>The field of an option, or <see langword="null"/> when it is none of attention.</summary>
    public static string? Param(string option) => Members.TryGetValue(option, out var member) ? Full(member) : null;

    /// <summary>What a request says about attention; <see langword="null"/>: nothing.</summary>
    /// <exception cref="ApiException">Of the wrong type.</exception>
    public static AttentionRequest? Read(RequestFields fields, FieldReader read) => !fields.Names.Any(Names.Contains) ? null : new AttentionRequest
    {
        Method = read.Text(Full("method")),
        Backend = read.Text(Full("backend")),
        BlockSize = read.Integer(Full("block_size")),
        Stride = read.Integer(Full("stride")),
        // Only a number: on the command line it may be a path, and no client names paths here.
        Threshold = read.Number(Full("threshold"))?.ToString(CultureInfo.InvariantCulture),
        Density = read.Number(Full("density")),
        MinBlocks = read.Integer(Full("min_blocks")),
        MaxBlocks = read.Integer(Full("max_blocks")),
        KeepsFirstBlock = read.Switch(Full("keeps_first_block")),
        Window = read.Text(Full("window")),
        DenseWarmup = read.Scalar(Full("dense_warmup"), "a number of steps, or a share such as \"10%\""),
        DenseFirstLayers = read.Integer(Full("dense_first_layers")),
        DenseLastLayers = read.Integer(Full("dense_last_layers")),
        MaskRefresh = read.Integer(Full("mask_refresh")),
    };

    private static string Full(string member) => $"{RequestFields.Attention}.{member}";
}
