using System.Text.Json;
using System.Text.Json.Serialization;

namespace XVideo.Comparison.Page;

/// <summary>JSON inside the page: names in camel case, numbers with six digits, and the default escaping, which leaves no &lt; that could end the script element.</summary>
internal static class PageJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ShortNumber() },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Six digits are more than the page shows, and a third of the size.</summary>
    private sealed class ShortNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            // JSON has no infinity; the page reads these three words with Number().
            if (!double.IsFinite(value)) writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
            else writer.WriteRawValue(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
