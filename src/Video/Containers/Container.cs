namespace XVideo.Video.Containers;

/// <summary>Opens files for inspection and recognises them.</summary>
internal static class Container
{
    /// <exception cref="VideoFileException">Missing, unreadable or empty.</exception>
    public static ContainerKind Detect(string path)
    {
        if (Directory.Exists(path))
        {
            return ContainerKind.FrameFolder;
        }

        using var stream = Open(path);
        Span<byte> head = stackalloc byte[12];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length == 0)
        {
            throw new VideoFileException(path, $"\"{path}\" is empty: it holds no video.");
        }

        head = head[..length];
        if (head.StartsWith("GIF8"u8))
        {
            return ContainerKind.Gif;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
        {
            return ContainerKind.Png;
        }

        if (head.StartsWith("RIFF"u8) && length == 12 && head[8..].SequenceEqual("WEBP"u8))
        {
            return ContainerKind.WebP;
        }

        return length >= 8 && (head[4..].StartsWith("ftyp"u8) || head[4..].StartsWith("moov"u8)) ? ContainerKind.Mp4 : ContainerKind.Other;
    }

    /// <exception cref="VideoFileException">Missing or unreadable.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VideoFileException(path, $"\"{path}\" does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new VideoFileException(path, $"\"{path}\" cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Runs a parser, turning a premature end of the file into a clear error.</summary>
    public static T Parse<T>(string path, Func<FileStream, T> parse)
    {
        using var stream = Open(path);
        try
        {
            return parse(stream);
        }
        catch (EndOfStreamException e)
        {
            throw Truncated(path, stream.Length, e);
        }
    }

    public static VideoFileException Truncated(string path, long length, Exception? cause = null) => new(
        path, $"\"{path}\" is truncated: it ends after {length} bytes, in the middle of its data. Copy or generate it again.", cause);
}
