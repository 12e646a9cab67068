using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using XVideo.Comparison.Store;

namespace XVideo.Comparison.Results;

/// <summary>Reports and their parts as JSON: camelCase names, text readable as it is, infinite numbers as <c>"Infinity"</c>, nothing for what is not there.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(PairResult))]
[JsonSerializable(typeof(FullResult))]
[JsonSerializable(typeof(ComparisonHeader))]
public sealed partial class ComparisonJson : JsonSerializerContext
{
    private static ComparisonJson? _readable;

    /// <summary>The default instance escapes every character beyond ASCII, which makes prompts unreadable.</summary>
    internal static ComparisonJson Readable =>
        _readable ??= new ComparisonJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>What <c>report.json</c> holds.</summary>
    public static string Write(ComparisonReport report) => JsonSerializer.Serialize(report, Readable.ComparisonReport);

    /// <summary>The report in such a text.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static ComparisonReport Read(string json) =>
        JsonSerializer.Deserialize(json, Readable.ComparisonReport) ?? throw new JsonException("The text is null; a report is a JSON object.");
}
