using XVideo.Video.Containers;

namespace XVideo.Video;

/// <summary>Inspects video files without decoding them, where the file itself holds the numbers.</summary>
public static class VideoProbe
{
    /// <summary>Reads size, frame count, rate, codec, pixel format and duration.</summary>
    /// <param name="path">A video file, or a folder of PNG frames as <see cref="VideoFormat.Png"/> writes.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <exception cref="VideoFileException">Missing, unreadable, truncated, or not a video.</exception>
    /// <exception cref="FfmpegException">There is no usable ffprobe.</exception>
    public static VideoInfo Read(string path, string? ffmpegPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var ffmpeg = Ffmpeg.Find(ffmpegPath);
        switch (Container.Detect(path))
        {
            case ContainerKind.Gif:
                var gif = GifFile.Read(path);
                return Ffprobe.Query(path, ffmpeg).Info with
                {
                    FrameCount = gif.FrameCount,
                    Duration = gif.Duration > TimeSpan.Zero ? gif.Duration : null,
                    FrameRate = Rate(gif.FrameCount, gif.Duration),
                };
            case ContainerKind.WebP when WebPFile.Read(path) is { Width: > 0 } webP:
                return new VideoInfo
                {
                    Width = webP.Width,
                    Height = webP.Height,
                    FrameCount = webP.FrameCount,
                    Duration = webP.Duration > TimeSpan.Zero ? webP.Duration : null,
                    FrameRate = Rate(webP.FrameCount, webP.Duration),
                    Codec = "webp",
                    PixelFormat = webP.IsLossless ? "argb" : "yuv420p",
                };
            case ContainerKind.WebP:
                return Ffprobe.Query(path, ffmpeg).Info with { FrameCount = 1, FrameRate = null, Duration = null };
            case ContainerKind.FrameFolder:
                var frames = PngSequenceWriter.FramePaths(path);
                return Ffprobe.Query(frames[0], ffmpeg).Info with { FrameCount = frames.Count, FrameRate = null, Duration = null };
            default:
                var probe = Ffprobe.Query(path, ffmpeg);
                return probe.HasFrameCount ? probe.Info : Ffprobe.Query(path, ffmpeg, countFrames: true).Info;
        }
    }

    private static double? Rate(int frameCount, TimeSpan duration) => duration > TimeSpan.Zero ? frameCount / duration.TotalSeconds : null;
}
