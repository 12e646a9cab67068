using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace XVideo.Service.Api.Replies;

/// <summary>How replies look as JSON: snake_case names, null where there is no value, text readable as it is.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorEnvelope))]
[JsonSerializable(typeof(VideoObject))]
[JsonSerializable(typeof(VideoList))]
[JsonSerializable(typeof(VideoDeleted))]
[JsonSerializable(typeof(TokenObject))]
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(QueueObject))]
[JsonSerializable(typeof(HealthObject))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(PreviewEvent))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    private static ApiJson? _readable;

    /// <summary>The default instance escapes every character beyond ASCII, which makes prompts unreadable.</summary>
    public static ApiJson Readable => _readable ??= new ApiJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
