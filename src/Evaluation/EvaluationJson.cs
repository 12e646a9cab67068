using System.Text.Encodings.Web;
using System.Text.Json;

namespace XVideo.Evaluation;

/// <summary>How an evaluation looks as JSON: camelCase names, prompts readable as they are.</summary>
public static class EvaluationJson
{
    /// <summary>On one line.</summary>
    public static JsonSerializerOptions Line { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For people.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true };
}
