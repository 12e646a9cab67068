using System.Globalization;
using System.Text.Json;
using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Requests;

/// <summary>Reads typed values out of fields. A form has only text, so a number may always be written as text too; never by the rules of a culture.</summary>
/// <param name="fields">What was sent.</param>
internal sealed class FieldReader(RequestFields fields)
{
    /// <exception cref="ApiException">Not a text.</exception>
    public string? Text(string name) => fields.Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new ApiException(ApiErrors.InvalidType(name, Describe(value), "a string"));

    /// <exception cref="ApiException">Not a whole number.</exception>
    public long? Long(string name) => Scalar(name, "a whole number") is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ApiException(ApiErrors.InvalidValue(name, $"\"{text}\"", "it must be a whole number"));

    /// <exception cref="ApiException">Not a whole number, or one of more than 32 bits.</exception>
    public int? Integer(string name) => Long(name) is not { } number ? null
        : number == (int)number ? (int)number
        : throw new ApiException(ApiErrors.InvalidValue(name, number.ToString(CultureInfo.InvariantCulture), "it is too large"));

    /// <summary>NaN and the infinities are numbers here: validation says what is wrong with them.</summary>
    /// <exception cref="ApiException">Not a number.</exception>
    public double? Number(string name) => Scalar(name, "a number") is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ApiException(ApiErrors.InvalidValue(name, $"\"{text}\"", "it must be a number"));

    /// <exception cref="ApiException">Not true or false.</exception>
    public bool? Switch(string name) => fields.Find(name) is not { } value ? null
        : bool.TryParse(value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.String ? value.ToString() : "", out var isOn) ? isOn
        : throw new ApiException(ApiErrors.InvalidType(name, Describe(value), "true or false"));

    /// <summary>A number or a text, as it was written.</summary>
    /// <exception cref="ApiException">Something else.</exception>
    public string? Scalar(string name, string allowed) => fields.Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new ApiException(ApiErrors.InvalidType(name, Describe(value), allowed)),
    };

    /// <summary>What kind of value it is, with its article.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
