namespace XVideo.Video;

/// <summary>Writes single pictures: PNG without ffmpeg, WebP with it.</summary>
public static class StillImage
{
    /// <summary>Writes a PNG, replacing an existing file at once and only when the new one is complete.</summary>
    /// <param name="path">File to write; its folder must exist.</param>
    /// <param name="width">Pixels, positive.</param>
    /// <param name="height">Pixels, positive.</param>
    /// <param name="rgb24">[height, width, 3] bytes, rows from the top.</param>
    /// <exception cref="ArgumentException">The length is not width · height · 3.</exception>
    /// <exception cref="VideoOutputException">The path cannot be written.</exception>
    public static void WritePng(string path, int width, int height, ReadOnlySpan<byte> rgb24)
    {
        RequireLength(width, height, rgb24.Length);
        var destination = new VideoDestination(path, ".png", isFolder: false, overwrite: true);
        try
        {
            using (var stream = new FileStream(destination.TemporaryPath, FileMode.CreateNew))
            {
                PngEncoder.Write(stream, width, height, rgb24);
            }

            destination.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw destination.Explain(e);
        }
    }

    /// <summary>Writes a WebP of quality 90, a tenth the size of a PNG; replaces an existing file at once and only when the new one is complete.</summary>
    /// <param name="path">File to write, ending in <c>.webp</c>; its folder must exist.</param>
    /// <param name="width">Pixels, positive.</param>
    /// <param name="height">Pixels, positive.</param>
    /// <param name="rgb24">[height, width, 3] bytes, rows from the top.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <exception cref="ArgumentException">The length is not width · height · 3.</exception>
    /// <exception cref="VideoOutputException">The path cannot be written.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg, or it failed.</exception>
    public static void WriteWebP(string path, int width, int height, byte[] rgb24, string? ffmpegPath = null)
    {
        ArgumentNullException.ThrowIfNull(rgb24);
        RequireLength(width, height, rgb24.Length);
        using var writer = VideoWriter.Create(path, VideoFormat.WebP, width, height, 1, overwrite: true, options: new VideoEncoderOptions { FfmpegPath = ffmpegPath });
        writer.WriteFrame(rgb24);
        writer.Complete();
    }

    /// <summary>The same PNG as bytes.</summary>
    /// <exception cref="ArgumentException">The length is not width · height · 3.</exception>
    public static byte[] EncodePng(int width, int height, ReadOnlySpan<byte> rgb24)
    {
        RequireLength(width, height, rgb24.Length);
        using var stream = new MemoryStream();
        PngEncoder.Write(stream, width, height, rgb24);
        return stream.ToArray();
    }

    private static void RequireLength(int width, int height, int length)
    {
        if (width < 1 || height < 1 || length != (long)width * height * 3)
        {
            throw new ArgumentException($"A picture of {width}x{height} was given {length} bytes; " +
                $"rgb24 needs {(long)width * height * 3} (width·height·3), with both sides at least 1.");
        }
    }
}
