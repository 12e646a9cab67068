namespace XVideo.Video;

/// <summary>Names and file extensions of the <see cref="VideoFormat"/> values.</summary>
public static class VideoFormats
{
    private const string Allowed = "mp4, gif, webp, png (png writes a folder of numbered frames)";

    /// <summary>Reads a format name as given on a command line: <c>mp4</c>, <c>gif</c>, <c>webp</c> or <c>png</c>, in any case.</summary>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    public static VideoFormat Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParse(name.Trim())
            ?? throw new ArgumentException($"Video format \"{name}\" is not known. Allowed: {Allowed}.");
    }

    /// <summary>
    /// Chooses the format from the output path: <c>.mp4</c>, <c>.gif</c>, <c>.webp</c>, <c>.png</c> in any case;
    /// a path that ends in a directory separator means <see cref="VideoFormat.Png"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The path has another extension or none.</exception>
    public static VideoFormat Infer(string outputPath)
    {
        ArgumentNullException.ThrowIfNull(outputPath);
        if (Path.EndsInDirectorySeparator(outputPath))
        {
            return VideoFormat.Png;
        }

        var extension = Path.GetExtension(outputPath);
        return TryParse(extension.TrimStart('.')) ?? throw new ArgumentException(
            $"Output \"{outputPath}\" has {(extension.Length == 0 ? "no extension" : $"the extension \"{extension}\"")}, " +
            $"which names no video format. Allowed: .mp4, .gif, .webp, .png, " +
            $"or a path ending in \"{Path.DirectorySeparatorChar}\" for a folder of PNG frames. " +
            $"Change the path, or give the format explicitly: {Allowed}.");
    }

    /// <summary>The usual file extension, with its dot.</summary>
    public static string Extension(this VideoFormat format) => format switch
    {
        VideoFormat.Mp4 => ".mp4",
        VideoFormat.Gif => ".gif",
        VideoFormat.WebP => ".webp",
        VideoFormat.Png => ".png",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, $"Unknown video format. Allowed: {Allowed}."),
    };

    private static VideoFormat? TryParse(string name) => name.ToLowerInvariant() switch
    {
        "mp4" => VideoFormat.Mp4,
        "gif" => VideoFormat.Gif,
        "webp" => VideoFormat.WebP,
        "png" => VideoFormat.Png,
        _ => null,
    };
}
