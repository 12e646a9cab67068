using System.Text.Json;

namespace XVideo.Tokenizers;

/// <summary>What is used of tokenizer_config.json. A missing file means the T5 defaults.</summary>
/// <param name="ModelMaxLength">Tokens, or null for no limit.</param>
/// <param name="PadToken">Text of the padding entry.</param>
/// <param name="EosToken">Text of the end mark.</param>
internal sealed record TokenizerConfig(int? ModelMaxLength, string PadToken, string EosToken)
{
    public const string FileName = "tokenizer_config.json";

    /// <summary>No real model comes near this many tokens; larger values are the library's "no limit" (1e30).</summary>
    private const double LargestLimit = 1e9;

    public static TokenizerConfig Default { get; } = new(null, "<pad>", "</s>");

    public static TokenizerConfig Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return Default;
        }

        return TokenizerFiles.ReadJson(path, root => new TokenizerConfig(
            ReadMaxLength(root, path),
            ReadToken(root, "pad_token", Default.PadToken, path),
            ReadToken(root, "eos_token", Default.EosToken, path)));
    }

    private static int? ReadMaxLength(JsonElement root, string path)
    {
        if (!root.TryGetProperty("model_max_length", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var length) || !(length >= 1) || length != Math.Floor(length))
        {
            throw new TokenizerException(
                path,
                $"\"model_max_length\" is {TokenizerFiles.Shorten(value.GetRawText())}; it must be a whole number of at least 1.");
        }

        return length > LargestLimit ? null : (int)length;
    }

    /// <summary>Tokens are written as a string or as an object with "content".</summary>
    private static string ReadToken(JsonElement root, string name, string fallback, string path)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return fallback;
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content))
        {
            value = content;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new TokenizerException(path, $"\"{name}\" is {TokenizerFiles.Shorten(value.GetRawText())}; it must be a string.");
    }
}
