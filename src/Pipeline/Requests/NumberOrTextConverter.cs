using System.Text.Json;
using System.Text.Json.Serialization;

namespace XVideo.Pipeline.Requests;

/// <summary>Lets JSON say <c>5</c> or <c>0.9</c> without quotes where <c>"10%"</c> is possible too.</summary>
internal sealed class NumberOrTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) return reader.GetString();
        using var number = JsonDocument.ParseValue(ref reader);
        return number.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
