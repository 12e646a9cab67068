using System.Text.Json;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;

namespace XVideo.Service.Api.Requests;

/// <summary>
/// The fields of one request by name, whatever the body was: a form (every value is text, objects are bracketed keys) or JSON. <c>extra_body</c>, which
/// other servers have, is merged; the members of <c>attention</c> are named <c>attention.threshold</c>.
/// </summary>
internal sealed class RequestFields
{
    public const string Attention = "attention";
    private const string ExtraBody = "extra_body";
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    /// <summary>The names that were sent, with a value other than null.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>The value of a field, or <see langword="null"/> when it was not sent.</summary>
    public JsonElement? Find(string name) => _values.TryGetValue(name, out var value) ? value : null;

    /// <summary>Adds what a form says.</summary>
    /// <param name="key">Such as <c>fps</c>, <c>attention[threshold]</c>, <c>extra_body[seed]</c>.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="ApiException">Not usable, or said already with another value.</exception>
    public void AddText(string key, string text)
    {
        var path = key.Split('[').Select(part => part.TrimEnd(']')).ToArray();
        if (path is [ExtraBody, ..]) path = path[1..];
        switch (path)
        {
            case []:
                AddMembers(ParseObject(ExtraBody, text));
                break;
            case [Attention]:
                AddAttention(ParseObject(Attention, text));
                break;
            case [Attention, var member]:
                Add($"{Attention}.{member}", JsonSerializer.SerializeToElement(text, ApiJson.Default.String));
                break;
            default:
                // The official clients send an image as input_reference[image_url].
                Add(path[0], JsonSerializer.SerializeToElement(text, ApiJson.Default.String));
                break;
        }
    }

    /// <summary>Adds what a JSON object says.</summary>
    /// <exception cref="ApiException">Not usable, or said already with another value.</exception>
    public void AddMembers(JsonElement members)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (member.Name == ExtraBody) AddMembers(Object(ExtraBody, member.Value));
            else if (member.Name == Attention) AddAttention(Object(Attention, member.Value));
            else Add(member.Name, member.Value);
        }
    }

    /// <summary>Notes that a file was sent under a name.</summary>
    public void AddFile(string name) => Add(name.Split('[')[0], JsonSerializer.SerializeToElement("(a file)", ApiJson.Default.String));

    private void AddAttention(JsonElement members)
    {
        foreach (var member in members.EnumerateObject()) Add($"{Attention}.{member.Name}", member.Value);
    }

    private void Add(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) return;
        // Clients that merge extra_body themselves send a field twice; that is harmless as long as both say the same.
        var shown = Shown(name, value);
        if (_values.TryGetValue(name, out var other) && other.ToString() != shown)
            throw new ApiException(ApiErrors.InvalidValue(name, shown, $"it was given twice, and {ApiErrors.Shorten(other.ToString())} before; leave one of them out"));
        _values[name] = value;
    }

    // Broken UTF-8 and half surrogate pairs are found only when a text is read.
    private static string Shown(string name, JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(ApiErrors.InvalidValue(name, "(a text)", "it must be valid Unicode"));
        }
    }

    private static JsonElement ParseObject(string name, string text)
    {
        try
        {
            return Object(name, JsonElement.Parse(text, RequestBody.JsonOptions));
        }
        catch (JsonException)
        {
            throw new ApiException(ApiErrors.InvalidValue(name, text, "it must be a JSON object"));
        }
    }

    private static JsonElement Object(string name, JsonElement value)
    {
        if (value is { ValueKind: JsonValueKind.String } && value.GetString() is { } text) return ParseObject(name, text);
        return value.ValueKind == JsonValueKind.Object ? value : throw new ApiException(ApiErrors.InvalidType(name, FieldReader.Describe(value), "an object"));
    }
}
