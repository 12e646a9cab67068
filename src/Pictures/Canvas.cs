using XVideo.Video;

namespace XVideo.Pictures;

/// <summary>A white picture to draw rectangles and small letters on.</summary>
public sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int width, int height)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[checked(width * height * 3)];
        Array.Fill(_pixels, byte.MaxValue);
    }

    /// <summary>Height of a line of text with its gap, pixels.</summary>
    public const int LineHeight = SmallLetters.Height + 4;

    public int Width { get; }

    public int Height { get; }

    /// <summary>What parts lie outside is left out.</summary>
    public void Fill(int left, int top, int width, int height, Rgb colour)
    {
        for (var y = Math.Max(0, top); y < Math.Min(Height, top + height); y++)
            for (var x = Math.Max(0, left); x < Math.Min(Width, left + width); x++) Set(x, y, colour);
    }

    public void Frame(int left, int top, int width, int height, int thickness, Rgb colour)
    {
        Fill(left, top, width, thickness, colour);
        Fill(left, top + height - thickness, width, thickness, colour);
        Fill(left, top, thickness, height, colour);
        Fill(left + width - thickness, top, thickness, height, colour);
    }

    public void Set(int x, int y, Rgb colour)
    {
        var at = ((y * Width) + x) * 3;
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (colour.Red, colour.Green, colour.Blue);
    }

    /// <summary>Writes one line, 10 pixels high.</summary>
    /// <returns>Where the text ends, pixels from the left.</returns>
    public int Write(int left, int top, string text, Rgb colour) => SmallLetters.Draw(_pixels, Width, left, top, text, [colour.Red, colour.Green, colour.Blue]);

    /// <summary>Width of a text, pixels.</summary>
    public static int WidthOf(string text) => SmallLetters.WidthOf(text);

    /// <exception cref="VideoOutputException">The path cannot be written.</exception>
    public void Save(string path) => StillImage.WritePng(path, Width, Height, _pixels);
}
