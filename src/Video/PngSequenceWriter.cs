using System.Text.RegularExpressions;

namespace XVideo.Video;

/// <summary>Writes a folder of lossless frames without any other program.</summary>
internal sealed partial class PngSequenceWriter : VideoWriter
{
    /// <summary>The frame names as ffmpeg writes a pattern.</summary>
    public const string FramePattern = "frame_%05d.png";

    private const string MetadataFile = "metadata.json";

    public PngSequenceWriter(
        VideoDestination destination, string outputPath, int width, int height, double frameRate, VideoMetadata? metadata)
        : base(destination, outputPath, VideoFormat.Png, width, height, frameRate)
    {
        try
        {
            Directory.CreateDirectory(destination.TemporaryPath);
            if (metadata is not null)
            {
                File.WriteAllText(Path.Combine(destination.TemporaryPath, MetadataFile), metadata.Json + "\n");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw destination.Explain(e);
        }
    }

    /// <summary>Whether a file name is one that this class writes.</summary>
    public static bool IsOurs(string path) => Path.GetFileName(path) is var name && (name == MetadataFile || FrameName().IsMatch(name));

    /// <summary>The frames of a folder, in order.</summary>
    /// <exception cref="VideoFileException">The folder has none, or a number is missing.</exception>
    public static IReadOnlyList<string> FramePaths(string folder)
    {
        var paths = Directory.EnumerateFiles(folder).Where(path => FrameName().IsMatch(Path.GetFileName(path)))
            .OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).ToList();
        if (paths.Count == 0)
        {
            throw new VideoFileException(folder, $"The folder \"{folder}\" holds no frames named frame_00000.png, frame_00001.png, ….");
        }

        for (var i = 0; i < paths.Count; i++)
        {
            if (Path.GetFileName(paths[i]) != FrameFileName(i))
            {
                throw new VideoFileException(folder, $"The folder \"{folder}\" has {paths.Count} frames, but {FrameFileName(i)} is missing.");
            }
        }

        return paths;
    }

    public static string? ReadMetadata(string folder)
    {
        FramePaths(folder);
        var path = Path.Combine(folder, MetadataFile);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    private protected override void WriteCore(ReadOnlySpan<byte> rgb24, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new FileStream(Path.Combine(Destination.TemporaryPath, FrameFileName(FramesWritten)), FileMode.CreateNew);
            PngEncoder.Write(stream, Width, Height, rgb24);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Destination.Explain(e);
        }
    }

    private protected override void FinishCore(CancellationToken cancellationToken)
    {
    }

    private protected override void CloseCore()
    {
    }

    private static string FrameFileName(int index) => $"frame_{index:D5}.png";

    [GeneratedRegex(@"^frame_\d{5,9}\.png$")]
    private static partial Regex FrameName();
}
