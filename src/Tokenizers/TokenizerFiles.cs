using System.Text.Json;

namespace XVideo.Tokenizers;

/// <summary>Reads whole files with a size limit, so that a wrong file cannot exhaust the memory.</summary>
internal static class TokenizerFiles
{
    /// <summary>The largest published vocabularies (262k pieces) take 33 MB as JSON and 4.7 MB as a SentencePiece model.</summary>
    private const long LargestFile = 256L << 20;

    public static byte[] Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > LargestFile)
            {
                throw new TokenizerException(path, $"the file has {stream.Length:N0} bytes; a tokenizer file may have at most {LargestFile:N0}. Is it the right file?");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(path, $"the file cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Parses a JSON file whose top level must be an object.</summary>
    public static JsonDocument ReadJson(string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(Read(path));
        }
        catch (JsonException error)
        {
            throw new TokenizerException(path, $"not valid JSON: {error.Message}", error);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        var kind = document.RootElement.ValueKind;
        document.Dispose();
        throw new TokenizerException(path, $"the top level is a JSON {kind}; it must be an object.");
    }

    /// <summary>The value of a JSON string; an escaped lone surrogate, which JSON can spell but no text can hold, is an error.</summary>
    public static string Text(JsonElement value, string path)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new TokenizerException(path, $"the string {Shorten(value.GetRawText())} is not valid Unicode.", error);
        }
    }

    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
