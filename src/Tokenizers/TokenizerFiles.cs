using System.Text.Json;
using System.Text.Unicode;

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
                throw new TokenizerException(
                    path,
                    $"the file has {stream.Length:N0} bytes; a tokenizer file may have at most {LargestFile:N0}. Is it the right file?");
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

    /// <summary>Parses a JSON file, whose top level must be an object, and makes something of it.</summary>
    public static T ReadJson<T>(string path, Func<JsonElement, T> read)
    {
        var bytes = Read(path);
        if (!Utf8.IsValid(bytes))
        {
            throw new TokenizerException(path, "not valid JSON: the file is not UTF-8 text.");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : throw new TokenizerException(path, $"the top level is a JSON {document.RootElement.ValueKind}; it must be an object.");
        }
        catch (JsonException error)
        {
            throw new TokenizerException(path, $"not valid JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // The escapes of JSON can spell half a surrogate pair, which shows only when the string is read.
            throw new TokenizerException(path, $"a string or a member's name is not valid Unicode: {error.Message}", error);
        }
    }

    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
