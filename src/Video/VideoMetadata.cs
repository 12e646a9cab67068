using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using XVideo.Video.Containers;

namespace XVideo.Video;

/// <summary>
/// A JSON object that travels inside a video: prompt, seed, settings, model hash, version.
/// Kept in the mp4 <c>comment</c> tag (©cmt), a GIF comment, the WebP XMP description, or <c>metadata.json</c> beside PNG frames.
/// </summary>
public sealed class VideoMetadata : IEquatable<VideoMetadata>
{
    private VideoMetadata(string json) => Json = json;

    /// <summary>The object as compact JSON on one line, members in their original order, characters unescaped where JSON allows.</summary>
    public string Json { get; }

    /// <summary>The members in order; text without its quotes, every other value as JSON.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Entries
    {
        get
        {
            using var document = JsonDocument.Parse(Json);
            return [.. document.RootElement.EnumerateObject().Select(p => KeyValuePair.Create(
                p.Name, p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText()))];
        }
    }

    /// <summary>The same object with every character beyond ASCII escaped.</summary>
    internal string AsciiJson => Write(Json, JavaScriptEncoder.Default);

    /// <summary>Takes a JSON object; white space and escaping are normalised, numbers keep their digits.</summary>
    /// <exception cref="ArgumentException">Not JSON, not an object, a name used twice, or text with half a surrogate pair.</exception>
    public static VideoMetadata FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new VideoMetadata(Write(json, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
    }

    /// <summary>Takes text pairs, keeping their order.</summary>
    /// <exception cref="ArgumentException">A key used twice, or text with half a surrogate pair.</exception>
    public static VideoMetadata FromPairs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in pairs)
            {
                RequireWholeCharacters(key, key);
                RequireWholeCharacters(key, value);
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        return FromJson(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Reads what a <see cref="VideoWriter"/> stored; <see langword="null"/> when the video has none.</summary>
    /// <param name="path">An mp4, GIF or WebP file, any other video with a JSON comment, or a folder of PNG frames.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>; needed for everything but GIF, WebP and folders.</param>
    /// <exception cref="VideoFileException">Missing, unreadable, truncated, or not a video.</exception>
    /// <exception cref="FfmpegException">ffprobe is needed and there is none.</exception>
    public static VideoMetadata? Read(string path, string? ffmpegPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(Container.Detect(path) switch
        {
            ContainerKind.Gif => GifFile.Read(path).Comment,
            ContainerKind.WebP => WebPFile.Read(path).Description,
            ContainerKind.FrameFolder => PngSequenceWriter.ReadMetadata(path),
            _ => Ffprobe.Query(path, Ffmpeg.Find(ffmpegPath)).Comment,
        });
    }

    /// <summary>A comment is ours, or at least of our kind, when it is a JSON object; any other comment is not metadata.</summary>
    internal static VideoMetadata? Parse(string? comment)
    {
        try
        {
            return comment is null ? null : FromJson(comment);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public bool Equals(VideoMetadata? other) => other is not null && Json == other.Json;

    public override bool Equals(object? obj) => Equals(obj as VideoMetadata);

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Json;

    private static string Write(string json, JavaScriptEncoder encoder)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ArgumentException($"Video metadata must be a JSON object; got " +
                    $"{document.RootElement.ValueKind.ToString().ToLowerInvariant()}.");
            }

            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = encoder }))
            {
                document.RootElement.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(buffer.ToArray());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"Video metadata must be a JSON object with distinct names and whole characters: {e.Message}", e);
        }
    }

    private static void RequireWholeCharacters(string key, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw new ArgumentException($"Video metadata \"{key}\" has half a surrogate pair at character {i}, which no file can store. " +
                    "Remove that character.");
            }
        }
    }
}
