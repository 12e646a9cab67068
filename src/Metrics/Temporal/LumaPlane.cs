using XVideo.Video;

namespace XVideo.Metrics.Temporal;

/// <summary>The brightness of a frame, small enough to search for motion.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Levels">[Height, Width], 0 to 255.</param>
internal sealed record LumaPlane(int Width, int Height, byte[] Levels)
{
    /// <summary>Pixels of the short side of frames that were larger.</summary>
    public const int ShortSide = 256;

    /// <summary>BT.601 luma of a frame, shrunk by area means until its short side has 256 pixels; smaller frames stay as they are.</summary>
    public static LumaPlane Of(FrameSize size, ReadOnlySpan<byte> rgb24)
    {
        if (size.ShortSide <= ShortSide)
        {
            return new(size.Width, size.Height, Luma(rgb24));
        }

        int Shrunk(int side) => (int)Math.Round((double)side * ShortSide / size.ShortSide);
        var (width, height) = (Shrunk(size.Width), Shrunk(size.Height));
        return new(width, height, Luma(Thumbnail.Shrink(rgb24, size.Width, size.Height, width, height)));
    }

    private static byte[] Luma(ReadOnlySpan<byte> rgb24)
    {
        var levels = new byte[rgb24.Length / 3];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = (byte)((299 * rgb24[3 * i] + 587 * rgb24[3 * i + 1] + 114 * rgb24[3 * i + 2] + 500) / 1000);
        }

        return levels;
    }
}
