using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace XVideo.Pipeline.Requests;

/// <summary>How the records of this folder look as JSON: camelCase names, times in seconds, text readable as it is.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(SecondsConverter), typeof(AttentionJson)])]
[JsonSerializable(typeof(VideoResult))]
[JsonSerializable(typeof(ResolvedRequest))]
[JsonSerializable(typeof(IReadOnlyList<RequestProblem>))]
internal sealed partial class RequestJson : JsonSerializerContext
{
    private static RequestJson? _readable;

    /// <summary>The default instance escapes every character beyond ASCII, which makes prompts unreadable.</summary>
    public static RequestJson Readable =>
        _readable ??= new RequestJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private sealed class SecondsConverter : JsonConverter<System.TimeSpan>
    {
        public override System.TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            System.TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, System.TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round(value.TotalSeconds, 6));
    }
}
