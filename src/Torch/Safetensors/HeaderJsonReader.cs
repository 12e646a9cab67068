using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace XVideo.Torch.Safetensors;

/// <summary>Turns the JSON text of a header into tensors and metadata, and reports every tensor that is described wrongly.</summary>
internal sealed class HeaderJsonReader(ProblemList problems)
{
    public const string MetadataKey = "__metadata__";

    // The format needs 3 levels; unknown fields may nest a little more, a bomb may not.
    private const int MaxDepth = 16;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public List<HeaderTensor> Tensors { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public void Read(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'{', ..])
        {
            string got = json.IsEmpty ? "the header is empty" : string.Create(CultureInfo.InvariantCulture, $"its first byte is 0x{json[0]:x2}");
            problems.Add($"The header is not a JSON object: it must start with '{{' and {got}. Download or export the file again.");
            return;
        }

        if (!Utf8.IsValid(json))
        {
            problems.Add("The header is not valid UTF-8 text. The file is damaged; download or export it again.");
            return;
        }

        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader);
            }

            // Text after the closing brace, other than white space, throws here.
            reader.Read();
        }
        catch (JsonException e)
        {
            problems.Add($"The header is not valid JSON (nesting allowed: {MaxDepth}): {Flat(e.Message)} Download or export the file again.");
        }
        catch (InvalidOperationException e)
        {
            // What Utf8JsonReader throws for an escape that is half a surrogate pair.
            problems.Add($"The header holds text that is not Unicode: {Flat(e.Message)} Download or export the file again.");
        }
    }

    private static string Flat(string message) => message.ReplaceLineEndings(" ");

    private void ReadMember(ref Utf8JsonReader reader)
    {
        string name = reader.GetString()!;
        reader.Read();
        if (!_names.Add(name))
        {
            problems.Add($"The header names {ProblemList.Quote(name)} twice; each name may occur once. Export the file again.");
            reader.Skip();
        }
        else if (name == MetadataKey)
        {
            ReadMetadata(ref reader);
        }
        else
        {
            ReadTensor(ref reader, name);
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Add($"{MetadataKey} is {Kind(reader.TokenType)}; it must be an object whose values are strings.");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                problems.Add($"{MetadataKey} value {ProblemList.Quote(key)} is {Kind(reader.TokenType)}; it must be a string.");
                reader.Skip();
            }
            else if (!Metadata.TryAdd(key, reader.GetString()!))
            {
                problems.Add($"{MetadataKey} names {ProblemList.Quote(key)} twice; each key may occur once.");
            }
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Add($"Tensor {ProblemList.Quote(name)} is {Kind(reader.TokenType)}; it must be an object with dtype, shape and data_offsets.");
            reader.Skip();
            return;
        }

        SafetensorsDType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        bool isUsable = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            if (!seen.Add(field))
            {
                problems.Add($"Tensor {ProblemList.Quote(name)} has the field {ProblemList.Quote(field)} twice; each may occur once.");
                isUsable = false;
                reader.Skip();
                continue;
            }

            switch (field)
            {
                case "dtype":
                    dtype = ReadDType(ref reader, name);
                    isUsable &= dtype is not null;
                    break;
                case "shape":
                    shape = ReadIntegers(ref reader, name, field, ElementMath.MaxRank);
                    isUsable &= shape is not null;
                    break;
                case "data_offsets":
                    offsets = ReadIntegers(ref reader, name, field, 2);
                    isUsable &= offsets is not null;
                    break;
                default:
                    // The format does not forbid further fields, and other readers pass over them.
                    reader.Skip();
                    break;
            }
        }

        foreach (string field in (ReadOnlySpan<string>)["dtype", "shape", "data_offsets"])
        {
            if (!seen.Contains(field))
            {
                problems.Add($"Tensor {ProblemList.Quote(name)} has no {field}; it needs dtype, shape and data_offsets. Export the file again.");
                isUsable = false;
            }
        }

        if (isUsable)
        {
            AddTensor(name, dtype!.Value, shape!, offsets!);
        }
    }

    private void AddTensor(string name, SafetensorsDType dtype, long[] shape, long[] offsets)
    {
        string quoted = ProblemList.Quote(name);
        if (offsets is not [var begin, var end])
        {
            problems.Add($"Tensor {quoted} has {offsets.Length} data_offsets; there must be two, begin and end.");
        }
        else if (!ElementMath.TrySizeInBytes(shape, dtype, out long size))
        {
            problems.Add($"Tensor {quoted} has shape {ProblemList.Show(shape)}: the sizes must not be negative and their product must fit 63 bits.");
        }
        else if (begin < 0 || begin > end)
        {
            problems.Add($"Tensor {quoted} has data_offsets [{begin}, {end}]; begin must not be negative nor greater than end.");
        }
        else if (end - begin != size)
        {
            problems.Add(
                $"Tensor {quoted} has shape {ProblemList.Show(shape)} of {dtype.FileName()}, which is {size} bytes, "
                + $"but data_offsets [{begin}, {end}] span {end - begin} bytes. Export the file again.");
        }
        else
        {
            Tensors.Add(new HeaderTensor(name, dtype, shape, begin, end));
        }
    }

    private SafetensorsDType? ReadDType(ref Utf8JsonReader reader, string name)
    {
        string got;
        if (reader.TokenType == JsonTokenType.String)
        {
            string text = reader.GetString()!;
            if (SafetensorsDTypeExtensions.TryParseFileName(text, out SafetensorsDType dtype))
            {
                return dtype;
            }

            got = ProblemList.Quote(text);
        }
        else
        {
            got = Kind(reader.TokenType);
            reader.Skip();
        }

        problems.Add(
            $"Tensor {ProblemList.Quote(name)} has dtype {got}; allowed: {SafetensorsDTypeExtensions.AllNames}. "
            + "Convert the weights to one of these.");
        return null;
    }

    private long[]? ReadIntegers(ref Utf8JsonReader reader, string name, string field, int limit)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.Add($"Tensor {ProblemList.Quote(name)} has {field} that is {Kind(reader.TokenType)}; it must be an array of integers.");
            reader.Skip();
            return null;
        }

        List<long> values = [];
        string? problem = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                problem ??= $"holds {Kind(reader.TokenType)}";
                reader.Skip();
            }
            else if (!reader.TryGetInt64(out long value))
            {
                problem ??= "holds a number that is not an integer of 63 bits";
            }
            else if (values.Count == limit)
            {
                problem ??= $"holds more than {limit} values";
            }
            else
            {
                values.Add(value);
            }
        }

        if (problem is null)
        {
            return [.. values];
        }

        problems.Add(
            $"Tensor {ProblemList.Quote(name)} has {field} that {problem}; it must be an array of at most {limit} integers from 0 to 2^63-1.");
        return null;
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}
