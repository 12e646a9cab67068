namespace XVideo.Video;

/// <summary>Puts frames of clips side by side in one PNG, to be looked at.</summary>
public static class ContactSheet
{
    private static ReadOnlySpan<byte> Ink => [60, 64, 72];

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
            Paste(frame, width, height, sheet, sheetWidth, left, top);
        }

        StillImage.WritePng(outputPng, sheetWidth, sheetHeight, sheet);
    }

    /// <summary>Writes the sheet of several clips: a row each, its caption above it; replaces an existing file.</summary>
    /// <param name="outputPath">File to write, WebP if it ends in <c>.webp</c>, else PNG; its folder must exist.</param>
    /// <param name="rows">From the top; at least one, all frames of one size. The longest row decides the width.</param>
    /// <param name="width">Width of a frame, pixels.</param>
    /// <param name="height">Height of a frame, pixels.</param>
    /// <param name="gap">White pixels between and around the pictures and captions, at least 0; default 4.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <exception cref="ArgumentException">No rows, a row without frames, a frame of another length, or a gap out of range.</exception>
    /// <exception cref="VideoOutputException">The path cannot be written.</exception>
    /// <exception cref="FfmpegException">WebP only: there is no usable ffmpeg, or it failed.</exception>
    public static void WriteRows(string outputPath, IReadOnlyList<SheetRow> rows, int width, int height, int gap = 4, string? ffmpegPath = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 || rows.Any(row => row.Frames.Count == 0) || gap < 0)
        {
            throw new ArgumentException($"A contact sheet needs at least one row with at least one frame each, and a gap of 0 or more; " +
                $"got {rows.Count} rows, {rows.Count(row => row.Frames.Count == 0)} of them without frames, gap {gap}.");
        }

        var rowHeight = SmallLetters.Height + height + 2 * gap;
        int sheetWidth = rows.Max(row => row.Frames.Count) * (width + gap) + gap, sheetHeight = rows.Count * rowHeight + gap;
        var sheet = new byte[checked(sheetWidth * sheetHeight * 3)];
        Array.Fill(sheet, byte.MaxValue);
        for (var row = 0; row < rows.Count; row++)
        {
            var top = gap + row * rowHeight;
            SmallLetters.Draw(sheet, sheetWidth, gap, top, rows[row].Caption, Ink);
            for (var i = 0; i < rows[row].Frames.Count; i++)
            {
                var frame = rows[row].Frames[i];
                if (frame.Length != width * height * 3)
                {
                    throw new ArgumentException($"Frame {i} of row {row} has {frame.Length} bytes; " +
                        $"{width}x{height} rgb24 needs {width * height * 3} (width·height·3).");
                }

                Paste(frame, width, height, sheet, sheetWidth, gap + i * (width + gap), top + SmallLetters.Height + gap);
            }
        }

        if (Path.GetExtension(outputPath).Equals(".webp", StringComparison.OrdinalIgnoreCase))
        {
            StillImage.WriteWebP(outputPath, sheetWidth, sheetHeight, sheet, ffmpegPath);
        }
        else
        {
            StillImage.WritePng(outputPath, sheetWidth, sheetHeight, sheet);
        }
    }

    /// <summary>So many frames of a clip with equal distances, always with the first and (from two on) the last; all of a shorter clip.</summary>
    /// <param name="frames">In order.</param>
    /// <param name="count">At least 1.</param>
    public static IReadOnlyList<byte[]> EvenlySpaced(IReadOnlyList<byte[]> frames, int count) =>
        [.. SelectIndices(frames.Count, count).Select(index => frames[index])];

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

    private static void Paste(byte[] frame, int width, int height, byte[] sheet, int sheetWidth, int left, int top)
    {
        for (var y = 0; y < height; y++)
        {
            frame.AsSpan(y * width * 3, width * 3).CopyTo(sheet.AsSpan(((top + y) * sheetWidth + left) * 3));
        }
    }

    internal static IReadOnlyList<int> SelectIndices(int total, int count)
    {
        count = Math.Min(count, total);
        return [.. Enumerable.Range(0, Math.Max(count, 0)).Select(i => count == 1 ? 0 : (int)Math.Round((double)i * (total - 1) / (count - 1)))];
    }
}
