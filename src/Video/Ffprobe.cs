using System.Globalization;
using System.Text.Json;
using XVideo.Video.Containers;

namespace XVideo.Video;

/// <summary>What ffprobe says about the first video stream of a file.</summary>
internal sealed record Ffprobe(VideoInfo Info, bool HasFrameCount, string? Comment)
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromMinutes(2);

    /// <exception cref="VideoFileException">Not readable as a video, or truncated.</exception>
    public static Ffprobe Query(string path, Ffmpeg ffmpeg, bool countFrames = false)
    {
        // ffprobe and ffmpeg take what there is of a truncated file for the whole.
        var kind = Container.Detect(path);
        if (kind == ContainerKind.Mp4)
        {
            Mp4File.CheckComplete(path);
        }
        else if (kind == ContainerKind.Gif)
        {
            GifFile.Read(path);
        }

        string[] arguments =
        [
            "-hide_banner", "-v", "error", .. countFrames ? ["-count_frames"] : Array.Empty<string>(),
            "-select_streams", "v:0", "-show_streams", "-show_format", "-of", "json", .. Ffmpeg.InputArguments(path, kind),
        ];
        var (exitCode, output, errorTail) = FfmpegProcess.Run(ffmpeg.FfprobePath, arguments, QueryTimeout);
        if (exitCode != 0)
        {
            throw new VideoFileException(path,
                $"\"{path}\" is not a readable video: ffprobe {FfmpegProcess.DescribeExit(exitCode)}.{FfmpegProcess.Lines(errorTail)}");
        }

        using var document = JsonDocument.Parse(output);
        if (!document.RootElement.TryGetProperty("streams", out var streams) || streams.GetArrayLength() == 0)
        {
            throw new VideoFileException(path, $"\"{path}\" holds no video stream.");
        }

        var stream = streams[0];
        var format = document.RootElement.GetProperty("format");
        int width = Integer(stream, "width") ?? 0, height = Integer(stream, "height") ?? 0;
        if (width <= 0 || height <= 0)
        {
            throw new VideoFileException(path, $"\"{path}\" is not a readable video: ffprobe finds no picture size in " +
                $"it.{FfmpegProcess.Lines(errorTail)}");
        }

        var frameCount = Integer(stream, "nb_read_frames") ?? Integer(stream, "nb_frames");
        var seconds = Number(stream, "duration") ?? Number(format, "duration");
        var info = new VideoInfo
        {
            Width = width,
            Height = height,
            FrameCount = frameCount ?? 0,
            FrameRate = FrameRate.ParseRatio(Text(stream, "avg_frame_rate")) ?? FrameRate.ParseRatio(Text(stream, "r_frame_rate")),
            Duration = seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            Codec = Text(stream, "codec_name") ?? "unknown",
            PixelFormat = Text(stream, "pix_fmt") ?? "unknown",
            ColorMatrix = Text(stream, "color_space"),
            ColorRange = Text(stream, "color_range"),
        };
        return new Ffprobe(info, frameCount is not null, CommentTag(format) ?? CommentTag(stream));
    }

    private static string? CommentTag(JsonElement owner) => owner.TryGetProperty("tags", out var tags)
        ? tags.EnumerateObject().Where(t => t.Name.Equals("comment", StringComparison.OrdinalIgnoreCase)).Select(t => t.Value.GetString()).FirstOrDefault()
        : null;

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Integer(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && int.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(JsonElement owner, string name) =>
        double.TryParse(Text(owner, name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
