using System.Text.Json;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>A value inside tokenizer.json with its path, so that every error says where it is.</summary>
internal readonly record struct JsonPart(JsonElement Value, string Path, string File)
{
    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The member, or an undefined part when it is missing.</summary>
    public JsonPart this[string name]
    {
        get
        {
            var path = Path.Length == 0 ? name : $"{Path}.{name}";
            return Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out var member)
                ? new JsonPart(member, path, File)
                : new JsonPart(default, path, File);
        }
    }

    public IEnumerable<JsonPart> Items()
    {
        var (path, file) = (Path, File);
        return Value.ValueKind == JsonValueKind.Array
            ? Value.EnumerateArray().Select((item, index) => new JsonPart(item, $"{path}[{index}]", file))
            : throw Expected("a list");
    }

    public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Expected("a string");

    public bool Flag(bool missing) => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Undefined or JsonValueKind.Null => missing,
        _ => throw Expected("true or false"),
    };

    public int Id() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var id) && id >= 0
        ? id
        : throw Expected("an id (a whole number from 0)");

    public double Number() => Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out var number) && double.IsFinite(number)
        ? number
        : throw Expected("a finite number");

    /// <summary>The "type" member that names what an object is.</summary>
    public string TypeName() => this["type"].Text();

    public TokenizerException Expected(string wanted)
    {
        var got = Value.ValueKind == JsonValueKind.Undefined ? "missing" : TokenizerFiles.Shorten(Value.GetRawText());
        return new TokenizerException(File, $"\"{Path}\" is {got}; it must be {wanted}.");
    }

    public TokenizerException Unsupported(string supported)
    {
        return new TokenizerException(
            File,
            $"\"{Path}\" is of type {TokenizerFiles.Shorten(TypeName())}, which is not supported here. Supported: {supported}.");
    }
}
