namespace XVideo.Video;

/// <summary>Puts evenly spaced frames of a clip side by side in one PNG, to be looked at.</summary>
public static class ContactSheet
{
    /// <summary>Writes the sheet, row by row from the first frame to the last, replacing an existing file.</summary>
    /// <param name="outputPng">File to write; its folder must exist.</param>
    /// <param name="frames">[height, width, 3] rgb24 bytes each, at least one.</param>
    /// <param name="width">Width of a frame, pixels.</param>
    /// <param name="height">Height of a frame, pixels.</param>
    /// <param name="columns">Pictures in a row, at least 1; default 4.</param>
    /// <param name="count">
    /// How many frames to show, always with the first and (from two on) the last; default <see langword="null"/> shows all.
    /// More than there are shows all.
    /// </param>
    /// <param name="gap">White pixels between and around the pictures, at least 0; default 4.</param>
    /// <exception cref="ArgumentException">No frames, a frame of another length, or a number out of range.</exception>
    /// <exception cref="VideoOutputException">The path cannot be written.</exception>
    public static void Write(
        string outputPng, IReadOnlyList<byte[]> frames, int width, int height, int columns = 4, int? count = null, int gap = 4)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0 || columns < 1 || gap < 0 || count < 1)
        {
            throw new ArgumentException($"A contact sheet needs at least one frame, column and picture and a gap of 0 or more; " +
                $"got {frames.Count} frames, columns {columns}, count {count?.ToString() ?? "all"}, gap {gap}.");
        }

        var shown = SelectIndices(frames.Count, count ?? frames.Count);
        columns = Math.Min(columns, shown.Count);
        var rows = (shown.Count + columns - 1) / columns;
        int sheetWidth = columns * (width + gap) + gap, sheetHeight = rows * (height + gap) + gap;
        var sheet = new byte[checked(sheetWidth * sheetHeight * 3)];
        Array.Fill(sheet, byte.MaxValue);
        for (var i = 0; i < shown.Count; i++)
        {
            var frame = frames[shown[i]];
            if (frame.Length != width * height * 3)
            {
                throw new ArgumentException($"Frame {shown[i]} has {frame.Length} bytes; " +
                    $"{width}x{height} rgb24 needs {width * height * 3} (width·height·3).");
            }

            int left = gap + i % columns * (width + gap), top = gap + i / columns * (height + gap);
            for (var y = 0; y < height; y++)
            {
                frame.AsSpan(y * width * 3, width * 3).CopyTo(sheet.AsSpan(((top + y) * sheetWidth + left) * 3));
            }
        }

        StillImage.WritePng(outputPng, sheetWidth, sheetHeight, sheet);
    }

    /// <summary>Writes the sheet of a video file, decoding it once and keeping only the frames shown.</summary>
    /// <param name="outputPng">File to write; its folder must exist.</param>
    /// <param name="videoPath">As for <see cref="VideoReader.ReadFrames"/>.</param>
    /// <param name="columns">Pictures in a row, at least 1; default 4.</param>
    /// <param name="count">How many frames to show; default 8.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <exception cref="VideoFileException">The video cannot be read.</exception>
    public static void WriteFromVideo(string outputPng, string videoPath, int columns = 4, int count = 8, string? ffmpegPath = null)
    {
        var info = VideoProbe.Read(videoPath, ffmpegPath);
        var shown = SelectIndices(info.FrameCount, count).ToHashSet();
        var frames = VideoReader.ReadFrames(videoPath, ffmpegPath).Where((_, index) => shown.Contains(index)).ToList();
        Write(outputPng, frames, info.Width, info.Height, columns);
    }

    internal static IReadOnlyList<int> SelectIndices(int total, int count)
    {
        count = Math.Min(count, total);
        return [.. Enumerable.Range(0, Math.Max(count, 0)).Select(i => count == 1 ? 0 : (int)Math.Round((double)i * (total - 1) / (count - 1)))];
    }
}
