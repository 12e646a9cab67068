using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;

namespace XVideo.Service.Engine;

/// <summary>
/// A request as a job keeps it: every gap filled and the seed drawn, so that a second attempt, or one after an update of the model's defaults, makes the
/// same frames.
/// </summary>
public static class FrozenRequest
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>As JSON in an order that does not change.</summary>
    public static string Write(VideoRequest request) => JsonSerializer.Serialize(request, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static VideoRequest Read(string json) =>
        JsonSerializer.Deserialize<VideoRequest>(json, Options) ?? throw new JsonException("A job's request is null; it must be an object.");

    /// <summary>A request that says everything.</summary>
    public static VideoRequest Of(ResolvedRequest request) => new()
    {
        Prompt = request.Prompt,
        Preset = request.Preset,
        NegativePrompt = request.NegativePrompt,
        Width = request.Width,
        Height = request.Height,
        FrameCount = request.FrameCount,
        FrameRate = request.FrameRate,
        Steps = request.Steps,
        GuidanceScale = request.GuidanceScale,
        FlowShift = request.FlowShift,
        Scheduler = request.Scheduler,
        Seed = request.Seed,
        Attention = Of(request.Attention),
        PreviewEverySteps = request.PreviewEverySteps,
    };

    // Only what the method reads: validation refuses a setting without effect.
    private static AttentionRequest Of(AttentionOptions options)
    {
        var goesByThreshold = Reads("threshold") && options is { Density: null, Thresholds: null };
        return new()
        {
            Method = options.Method,
            Backend = options.Backend,
            BlockSize = Reads("block-size") ? options.BlockSize : null,
            Stride = Reads("stride") ? options.Stride : null,
            // A model's own file of thresholds has no other name than that it is the model's.
            Threshold = goesByThreshold ? options.Threshold.Values[0].ToString(CultureInfo.InvariantCulture) : null,
            Density = Reads("density") ? options.Density : null,
            MinBlocks = Reads("min-blocks") ? options.MinBlocks : null,
            MaxBlocks = Reads("max-blocks") ? options.MaxBlocks : null,
            KeepsFirstBlock = Reads("keeps-first-block") ? options.KeepsFirstBlock : null,
            Window = Reads("window") ? $"{options.Window.Frames},{options.Window.Rows},{options.Window.Columns}" : null,
            DenseWarmup = Reads("dense-warmup") ? options.DenseWarmup.ToString() : null,
            DenseFirstLayers = Reads("dense-first-layers") ? options.DenseFirstLayers : null,
            DenseLastLayers = Reads("dense-last-layers") ? options.DenseLastLayers : null,
            MaskRefresh = Reads("mask-refresh") ? options.RefreshInterval : null,
        };

        bool Reads(string setting) => AttentionRequest.IsRead(options.Method, setting);
    }
}
