using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>What stands in front of a backdrop, frame by frame.</summary>
internal static class Figures
{
    /// <summary>Distance from the backdrop above which a pixel can belong to a thing; palette and backdrops are at least 0.42 apart.</summary>
    private const float LeastDistance = 0.16f;

    private const double LeastContrast = 0.22;
    private const double LeastShare = 0.0025;
    private const double MostShare = 0.55;

    /// <summary>Figures of every frame, the largest first, at most <paramref name="most"/>.</summary>
    /// <param name="backdrop">[Height, 3] when one colour per row, else [Height, Width, 3].</param>
    public static PlainFigure[][] Find(Film film, byte[] backdrop, int most)
    {
        var distances = new float[film.Width * film.Height];
        return [.. film.Frames.Select(frame => InFrame(film, frame, backdrop, distances, most))];
    }

    /// <summary>Weighted distance of each pixel from the backdrop: proportional to coverage where a thing has a soft edge.</summary>
    public static void Distances(Film film, byte[] frame, byte[] backdrop, float[] distances)
    {
        var perRow = backdrop.Length == film.Height * 3;
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = Picture.Distance(frame, i, backdrop, perRow ? i / film.Width : i);
        }
    }

    private static PlainFigure[] InFrame(Film film, byte[] frame, byte[] backdrop, float[] distances, int most)
    {
        Distances(film, frame, backdrop, distances);
        var mask = new bool[distances.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = distances[i] > LeastDistance;
        }

        var area = distances.Length;
        return [.. Components.Take(mask, film.Width, (int)(LeastShare * area))
            .Where(blob => blob.Area < MostShare * area)
            .Take(most)
            .Select(blob => Describe(film, frame, distances, blob))
            .OfType<PlainFigure>()];
    }

    private static PlainFigure? Describe(Film film, byte[] frame, float[] distances, Blob blob)
    {
        var contrast = Upper(blob.Pixels, distances);
        if (contrast < LeastContrast)
        {
            return null;
        }

        var members = new bool[distances.Length];
        var reach = 0.0;
        foreach (var pixel in blob.Pixels)
        {
            members[pixel] = true;
            var (dx, dy) = (pixel % film.Width - blob.X, pixel / film.Width - blob.Y);
            reach = Math.Max(reach, dx * dx + dy * dy);
        }

        double Covered(int x, int y) => members[y * film.Width + x] ? distances[y * film.Width + x] / contrast : 0;
        var patch = new Patch((blob.Left, blob.Top, blob.Right, blob.Bottom), Covered, film.Width, film.Height);
        var outline = RadialOutline.Trace(patch, blob.X, blob.Y, Math.Sqrt(reach));
        var isCut = blob.BordersTouched(film.Width, film.Height) > 0;
        return outline is null ? null : new(blob, isCut, Inside(frame, distances, blob, contrast), outline, Hollowness(film, patch, outline));
    }

    /// <summary>Third quartile: the inside of a thing, whatever the width of its soft edge.</summary>
    private static double Upper(int[] pixels, float[] distances)
    {
        var values = pixels.Select(pixel => distances[pixel]).ToArray();
        Array.Sort(values);
        return values[values.Length * 3 / 4];
    }

    private static Rgb Inside(byte[] frame, float[] distances, Blob blob, double contrast)
    {
        var inside = blob.Pixels.Where(pixel => distances[pixel] > 0.75 * contrast).ToArray();
        return Picture.MedianColor(frame, inside);
    }

    /// <summary>How much of the middle (a third of the radius) is backdrop.</summary>
    private static double Hollowness(Film film, Patch coverage, RadialOutline outline)
    {
        var (empty, all) = (0, 0);
        var inner = Math.Max(1, outline.Radius * 0.38);
        for (var y = (int)(outline.Y - inner); y <= outline.Y + inner; y++)
        {
            for (var x = (int)(outline.X - inner); x <= outline.X + inner; x++)
            {
                var (dx, dy) = (x - outline.X, y - outline.Y);
                if (x >= 0 && y >= 0 && x < film.Width && y < film.Height && dx * dx + dy * dy <= inner * inner)
                {
                    (empty, all) = (empty + (coverage[x, y] < 0.5 ? 1 : 0), all + 1);
                }
            }
        }

        return all == 0 ? 0 : (double)empty / all;
    }
}
