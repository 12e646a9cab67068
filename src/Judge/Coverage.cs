using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Which part of each pixel a thing covers, when its colour and what is behind it are known.</summary>
internal static class Coverage
{
    /// <summary>The outline of a thing where it covers half of the pixels.</summary>
    /// <param name="plate">[Height, Width, 3], what is behind.</param>
    public static RadialOutline? Outline(Film film, byte[] frame, byte[] plate, Blob thing, Rgb color)
    {
        var patch = new Patch((thing.Left, thing.Top, thing.Right, thing.Bottom), (x, y) => At(frame, plate, y * film.Width + x, color), film.Width, film.Height);
        var reach = Math.Sqrt(Math.Pow(thing.Right - thing.Left, 2) + Math.Pow(thing.Bottom - thing.Top, 2)) / 2;
        return RadialOutline.Trace(patch, thing.X, thing.Y, reach);
    }

    /// <summary>Where the pixel lies on the way from what is behind (0) to the colour of the thing (1).</summary>
    private static double At(byte[] frame, byte[] plate, int pixel, Rgb color)
    {
        var (here, behind) = (Picture.ColorAt(frame, pixel), Picture.ColorAt(plate, pixel));
        var (r, g, b) = (color.R - behind.R, color.G - behind.G, color.B - behind.B);
        return (r * (here.R - behind.R) + g * (here.G - behind.G) + b * (here.B - behind.B)) / Math.Max(r * r + g * g + b * b, 0.01);
    }
}
