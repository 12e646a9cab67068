using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace XVideo.Bench.Measuring;

/// <summary>Results as JSON.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes one object, and says so.</summary>
    public static void Write(string? path, object result, TextWriter output)
    {
        if (path is null) return;
        File.WriteAllText(path, JsonSerializer.Serialize(result, result.GetType(), Format) + "\n");
        output.WriteLine($"Wrote     {path}");
    }
}
