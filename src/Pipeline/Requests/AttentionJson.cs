using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.SparseAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>Attention options as JSON: only what the method reads, under the names that a request uses.</summary>
internal sealed class AttentionJson : JsonConverter<AttentionOptions>
{
    public override AttentionOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Options are never read back; a request says them as an AttentionRequest.");

    public override void Write(Utf8JsonWriter writer, AttentionOptions value, JsonSerializerOptions options) => Write(writer, value);

    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter json, AttentionOptions options)
    {
        var settings = AttentionMethod.Find(options.Method)?.Settings ?? [];
        json.WriteStartObject();
        json.WriteString("method", options.Method);
        json.WriteString("backend", options.Backend);
        if (settings.Contains("stride")) json.WriteNumber("stride", options.Stride);
        if (settings.Contains("threshold")) WriteRule(json, options);
        else if (settings.Contains("density") && options.Density is { } density) json.WriteNumber("density", density);
        if (settings.Contains("window")) json.WriteString("window", $"{options.Window.Frames},{options.Window.Rows},{options.Window.Columns}");
        if (settings.Contains("block-size"))
        {
            json.WriteNumber("blockSize", options.BlockSize);
            json.WriteString("denseWarmup", options.DenseWarmup.ToString());
            json.WriteNumber("denseFirstLayers", options.DenseFirstLayers);
            json.WriteNumber("denseLastLayers", options.DenseLastLayers);
        }
        if (settings.Contains("mask-refresh")) json.WriteNumber("maskRefresh", options.RefreshInterval);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, AttentionOptions options)
    {
        if (options.Density is { } density)
        {
            json.WriteNumber("density", density);
        }
        else if (options.Thresholds is { } thresholds)
        {
            json.WriteStartArray("threshold");
            foreach (var layer in thresholds.Layers) WriteNumbers(json, layer);
            json.WriteEndArray();
        }
        else if (options.Threshold.IsUniform)
        {
            json.WriteNumber("threshold", options.Threshold.Values[0]);
        }
        else
        {
            json.WritePropertyName("threshold");
            WriteNumbers(json, options.Threshold.Values);
        }
        json.WriteNumber("minBlocks", options.MinBlocks);
        if (options.MaxBlocks is { } most) json.WriteNumber("maxBlocks", most);
        json.WriteBoolean("keepsFirstBlock", options.KeepsFirstBlock);
    }

    private static void WriteNumbers(Utf8JsonWriter json, IEnumerable<double> values)
    {
        json.WriteStartArray();
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
