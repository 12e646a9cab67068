using XVideo.Video;

namespace XVideo.Service.Worker;

/// <summary>Still pictures of a finished video: its middle frame, and a sheet of frames for a player's seek bar.</summary>
internal static class ClipPictures
{
    private const int ThumbnailSide = 320;
    private const int SpriteSide = 160;
    private const int Sprites = 16;
    private const int Columns = 4;

    /// <summary>Writes both as WebP.</summary>
    /// <param name="videoPath">The video; it is decoded once, and only small frames are kept.</param>
    /// <param name="thumbnailPath">File to write, longest side 320 pixels at most.</param>
    /// <param name="sheetPath">File to write: up to 16 frames with equal distances, 4 in a row, longest side of each 160 pixels at most.</param>
    /// <param name="ffmpegPath">As in <see cref="ServiceOptions.FfmpegPath"/>.</param>
    /// <returns>The sizes of both in pixels.</returns>
    /// <exception cref="FfmpegException">ffmpeg failed.</exception>
    /// <exception cref="VideoFileException">The video cannot be read.</exception>
    public static ((int Width, int Height) Thumbnail, (int Width, int Height) Sheet) Write(string videoPath, string thumbnailPath, string sheetPath, string? ffmpegPath)
    {
        var info = VideoProbe.Read(videoPath, ffmpegPath);
        var (small, tiny) = (Fit(info, ThumbnailSide), Fit(info, SpriteSide));
        byte[]? thumbnail = null;
        List<byte[]> sprites = [];
        var shown = Math.Min(Sprites, info.FrameCount);
        var index = 0;
        foreach (var frame in VideoReader.ReadFrames(videoPath, ffmpegPath))
        {
            if (index == info.FrameCount / 2) thumbnail = Thumbnail.Shrink(frame, info.Width, info.Height, small.Width, small.Height);
            // The n-th of them stands for the n-th part of the clip.
            if (index == sprites.Count * info.FrameCount / shown && sprites.Count < shown) sprites.Add(Thumbnail.Shrink(frame, info.Width, info.Height, tiny.Width, tiny.Height));
            index++;
        }
        StillImage.WriteWebP(thumbnailPath, small.Width, small.Height, thumbnail ?? throw new VideoFileException(videoPath, $"it has {index} frames where {info.FrameCount} were announced"), ffmpegPath);
        return (small, WriteSheet(sheetPath, tiny, sprites, ffmpegPath));
    }

    private static (int Width, int Height) WriteSheet(string path, (int Width, int Height) sprite, List<byte[]> sprites, string? ffmpegPath)
    {
        var columns = Math.Min(Columns, sprites.Count);
        var size = (Width: columns * sprite.Width, Height: (sprites.Count + columns - 1) / columns * sprite.Height);
        var sheet = new byte[size.Width * size.Height * 3];
        for (var at = 0; at < sprites.Count; at++)
        {
            for (var row = 0; row < sprite.Height; row++)
            {
                var start = ((((at / columns * sprite.Height) + row) * size.Width) + (at % columns * sprite.Width)) * 3;
                sprites[at].AsSpan(row * sprite.Width * 3, sprite.Width * 3).CopyTo(sheet.AsSpan(start));
            }
        }
        StillImage.WriteWebP(path, size.Width, size.Height, sheet, ffmpegPath);
        return size;
    }

    private static (int Width, int Height) Fit(VideoInfo info, int side)
    {
        var scale = Math.Min(1, side / (double)Math.Max(info.Width, info.Height));
        return (Math.Max(1, (int)(info.Width * scale)), Math.Max(1, (int)(info.Height * scale)));
    }
}
