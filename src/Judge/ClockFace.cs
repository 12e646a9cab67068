using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>The white face of a clock, in pixels.</summary>
internal sealed record ClockFace(int Width, double X, double Y, double Radius)
{
    private const double LeastLightness = 0.9, MostChroma = 0.05;
    private const double LeastRadius = 0.18, MostRadius = 0.48;

    /// <summary>The largest round white area that does not touch the edge of the picture.</summary>
    public static ClockFace? Of(Film film, byte[] plate)
    {
        var mask = new bool[film.Width * film.Height];
        for (var i = 0; i < mask.Length; i++)
        {
            var color = Oklab.Of(Picture.ColorAt(plate, i));
            mask[i] = color.L > LeastLightness && color.Chroma < MostChroma;
        }

        var face = Components.Take(mask, film.Width, film.Width * film.Height / 30)
            .FirstOrDefault(blob => blob.BordersTouched(film.Width, film.Height) == 0);
        if (face is null)
        {
            return null;
        }

        var (wide, high) = (face.Right - face.Left + 1, face.Bottom - face.Top + 1);
        var radius = (wide + high) / 4.0;
        var round = Math.Abs(wide - high) < 0.15 * (wide + high) && radius > LeastRadius * Film.Unit && radius < MostRadius * Film.Unit;
        return round ? new(film.Width, (face.Left + face.Right) / 2.0, (face.Top + face.Bottom) / 2.0, radius) : null;
    }

    /// <summary>Pixels whose distance from the centre is between these shares of the radius.</summary>
    public IEnumerable<int> Ring(double inner, double outer)
    {
        var reach = (int)(outer * Radius) + 1;
        for (var y = (int)Y - reach; y <= Y + reach; y++)
        {
            for (var x = (int)X - reach; x <= X + reach; x++)
            {
                var distance = Math.Sqrt((x - X) * (x - X) + (y - Y) * (y - Y)) / Radius;
                if (distance >= inner && distance <= outer)
                {
                    yield return y * Width + x;
                }
            }
        }
    }

    /// <summary>Mean direction of pixels in degrees, clockwise from straight up; null when they lie all around.</summary>
    public double? AngleOf(IReadOnlyList<int> pixels)
    {
        var (sumX, sumY) = (0.0, 0.0);
        foreach (var pixel in pixels)
        {
            var (dx, dy) = (pixel % Width - X, pixel / Width - Y);
            var length = Math.Sqrt(dx * dx + dy * dy);
            (sumX, sumY) = (sumX + dx / length, sumY + dy / length);
        }

        var isOneSided = Math.Sqrt(sumX * sumX + sumY * sumY) > 0.7 * pixels.Count;
        return isOneSided ? Math.Atan2(sumX, -sumY) * 180 / Math.PI : null;
    }
}
