using System.Text.Json;
using System.Text.Unicode;

namespace XVideo.Torch.Safetensors;

/// <summary>Reads "*.safetensors.index.json": which shard holds which tensor.</summary>
internal static class ShardIndex
{
    public const string Suffix = ".safetensors.index.json";

    private const int MaxDepth = 16;

    /// <summary>Returns the tensor names of each shard, in the order of the index. Problems go to <paramref name="problems"/>.</summary>
    public static OrderedDictionary<string, List<string>> Read(string path, ProblemList problems)
    {
        OrderedDictionary<string, List<string>> shards = new(StringComparer.Ordinal);
        byte[] json = ReadBytes(path);
        if (!Utf8.IsValid(json))
        {
            problems.Add("The index is not valid UTF-8 text. Download it again.");
            return shards;
        }

        try
        {
            ReadRoot(json, shards, problems);
        }
        catch (JsonException e)
        {
            problems.Add($"The index is not valid JSON (nesting allowed: {MaxDepth}): {e.Message.ReplaceLineEndings(" ")} Download it again.");
        }
        catch (InvalidOperationException e)
        {
            // What Utf8JsonReader throws for an escape that is half a surrogate pair.
            problems.Add($"The index holds text that is not Unicode: {e.Message.ReplaceLineEndings(" ")} Download it again.");
        }

        return shards;
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            long length = new FileInfo(RealPath.Of(path)).Length;
            return length is > 0 and <= SafetensorsHeader.MaxLength
                ? File.ReadAllBytes(path)
                : throw new ModelFileException(
                    path, $"The index has {length} bytes; allowed: 1 to {SafetensorsHeader.MaxLength}. Download it again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"The index cannot be read: {e.Message}", e);
        }
    }

    private static void ReadRoot(ReadOnlySpan<byte> json, OrderedDictionary<string, List<string>> shards, ProblemList problems)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Add("The index is not a JSON object; it must be one with a weight_map. Download it again.");
            return;
        }

        int maps = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMap = reader.ValueTextEquals("weight_map"u8);
            reader.Read();
            if (isMap && reader.TokenType == JsonTokenType.StartObject && maps++ == 0)
            {
                ReadMap(ref reader, shards, problems);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read();
        if (maps != 1)
        {
            problems.Add($"The index has {maps} weight_map objects; exactly one is needed, from tensor name to shard file name. Download it again.");
        }
    }

    private static void ReadMap(ref Utf8JsonReader reader, OrderedDictionary<string, List<string>> shards, ProblemList problems)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (!names.Add(name))
            {
                problems.Add($"The index names tensor {ProblemList.Quote(name)} twice; each may occur once.");
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.String)
            {
                problems.Add($"The index gives no file name for tensor {ProblemList.Quote(name)}; it must be a string.");
                reader.Skip();
            }
            else
            {
                string shard = reader.GetString()!;
                if (!shards.TryGetValue(shard, out List<string>? keys))
                {
                    shards.Add(shard, keys = []);
                }

                keys.Add(name);
            }
        }

        if (names.Count == 0)
        {
            problems.Add("The index has an empty weight_map; it must list the tensors. Download it again.");
        }
    }
}
