using XVideo.Video.Containers;

namespace XVideo.Video;

/// <summary>Decodes videos to raw frames.</summary>
public static class VideoReader
{
    /// <summary>
    /// Decodes frame by frame; stopping early ends the decoder. Every stored frame comes once, whatever its duration.
    /// </summary>
    /// <param name="path">A video, a still picture, or a folder of PNG frames. Animated WebP cannot be decoded by ffmpeg and is refused.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <param name="cancellationToken">Ends the decoder.</param>
    /// <returns>[height, width, 3] rgb24 bytes, a new array for each frame; the size is that of <see cref="VideoProbe.Read"/>.</returns>
    /// <exception cref="VideoFileException">Missing, unreadable, truncated, or not a video.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<byte[]> ReadFrames(string path, string? ffmpegPath = null, CancellationToken cancellationToken = default)
    {
        var ffmpeg = Ffmpeg.Find(ffmpegPath);
        var kind = Container.Detect(path);
        if (kind == ContainerKind.FrameFolder)
        {
            var frames = PngSequenceWriter.FramePaths(path);
            return Decode(path, ["-f", "image2", "-i", PngSequenceWriter.FramePattern], path, ffmpeg, Ffprobe.Query(frames[0], ffmpeg).Info, cancellationToken);
        }

        if (kind == ContainerKind.WebP && WebPFile.Read(path) is { FrameCount: > 1 } webP)
        {
            throw new VideoFileException(path,
                $"\"{path}\" is an animated WebP ({webP.FrameCount} frames), which ffmpeg {ffmpeg.VersionText} cannot decode. Use the mp4, " +
                "gif or png form of the video.");
        }

        return Decode(path, Ffmpeg.InputArguments(path, kind), "", ffmpeg, Ffprobe.Query(path, ffmpeg).Info, cancellationToken);
    }

    private static IEnumerable<byte[]> Decode(
        string path, string[] input, string workingDirectory, Ffmpeg ffmpeg, VideoInfo size, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-v", "error", "-xerror", "-noautorotate", .. input,
            "-map", "0:v:0", "-vf", $"scale={size.Width}:{size.Height}:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24",
            .. ffmpeg.KeepEveryFrame, "-f", "rawvideo", "pipe:1",
        ];
        using var process = FfmpegProcess.Start(ffmpeg.FfmpegPath, arguments, workingDirectory);
        using var killer = cancellationToken.Register(process.Kill);
        process.Input.Dispose();
        while (true)
        {
            var frame = new byte[size.Width * size.Height * 3];
            var length = process.Output.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
            cancellationToken.ThrowIfCancellationRequested();
            if (length < frame.Length)
            {
                process.WaitForExit();
                cancellationToken.ThrowIfCancellationRequested();
                if (length > 0 || process.ExitCode != 0)
                {
                    throw new VideoFileException(path,
                        $"\"{path}\" could not be decoded to its end: ffmpeg {process.DescribeExit()}.{FfmpegProcess.Lines(process.ErrorTail)}");
                }

                yield break;
            }

            yield return frame;
        }
    }
}
