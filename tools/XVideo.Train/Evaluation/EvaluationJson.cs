using System.Text.Encodings.Web;
using System.Text.Json;

namespace XVideo.Train.Evaluation;

/// <summary>How the files of an evaluation look as JSON: camelCase names, captions readable as they are.</summary>
internal static class EvaluationJson
{
    public static JsonSerializerOptions Line { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true };
}
