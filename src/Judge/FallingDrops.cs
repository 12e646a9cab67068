using System.Numerics;
using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>What flies through the air: flakes or streaks, and which way they go.</summary>
internal sealed record FallingDrops(Motion? Motion, Weather? Weather)
{
    /// <summary>Pixels per frame that are looked for, up and down; rain falls by 8.</summary>
    private const int MostStep = 14;

    private const int Pairs = 10;
    private const double SkyBottom = 0.75;

    /// <summary>Mean square of what is brighter than the still scene; faint rain by day has 0.0002.</summary>
    private const double LeastEnergy = 0.00005;

    /// <summary>Streaks resemble themselves five pixels further down, not beside; flakes neither.</summary>
    private const int Lag = 5;

    private const double LeastElongation = 0.22, LeastLikeness = 0.25, LeastAgreement = 0.7;

    /// <param name="plate">[Height, Width, 3], the scene without the drops.</param>
    public static FallingDrops Of(Film film, byte[] plate)
    {
        var rows = (int)(SkyBottom * film.Height);
        var gap = Math.Max(1, (film.Frames.Count - 2) / Pairs);
        var (steps, elongations) = (new List<int>(), new List<double>());
        for (var t = 0; t + 1 < film.Frames.Count; t += gap)
        {
            var (now, next) = (Bright(film, film.Frames[t], plate, rows), Bright(film, film.Frames[t + 1], plate, rows));
            // Neighbouring rows instead of the same ones: noise does not count.
            var energy = Likeness(now, now, film.Width, 0, 1);
            if (energy < LeastEnergy)
            {
                continue;
            }

            elongations.Add((Likeness(now, now, film.Width, 0, Lag) - Likeness(now, now, film.Width, Lag, 0)) / energy);
            steps.Add(Step(now, next, film.Width, energy));
        }

        if (steps.Count < Pairs / 2)
        {
            return new(null, null);
        }

        var down = steps.Count(step => step > 0) >= LeastAgreement * steps.Count;
        var up = steps.Count(step => step < 0) >= LeastAgreement * steps.Count;
        return new(down ? Scenes.Motion.Fall : up ? Scenes.Motion.Up : null, Track.Median(elongations) > LeastElongation ? Scenes.Weather.Rain : Scenes.Weather.Snow);
    }

    /// <summary>How much brighter than the still scene each pixel is, with the mean taken off.</summary>
    private static float[] Bright(Film film, byte[] frame, byte[] plate, int rows)
    {
        var bright = new float[rows * film.Width];
        for (var i = 0; i < bright.Length; i++)
        {
            // Mostly red: that is where white stands out most from skies, hills and mountains.
            var (r, g, b) = (frame[i * 3] - plate[i * 3], frame[i * 3 + 1] - plate[i * 3 + 1], frame[i * 3 + 2] - plate[i * 3 + 2]);
            bright[i] = Math.Max(0, 0.6f * r + 0.3f * g + 0.1f * b) * (1 / 255f);
        }

        var mean = bright.Average();
        for (var i = 0; i < bright.Length; i++)
        {
            bright[i] -= mean;
        }

        return bright;
    }

    /// <summary>Rows that the pattern moves down until the next frame; 0 when no shift fits.</summary>
    private static int Step(float[] now, float[] next, int width, double energy)
    {
        var (best, most) = (0, LeastLikeness * energy);
        for (var dy = -MostStep; dy <= MostStep; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
            {
                var likeness = Likeness(now, next, width, dx, dy);
                (best, most) = likeness > most ? (dy, likeness) : (best, most);
            }
        }

        return best;
    }

    /// <summary>Mean product of one picture with another that is shifted.</summary>
    private static double Likeness(float[] a, float[] b, int width, int dx, int dy)
    {
        var height = a.Length / width;
        var (sum, count) = (0.0, 0);
        for (var y = Math.Max(0, -dy); y < Math.Min(height, height - dy); y++)
        {
            var (left, right) = (Math.Max(0, -dx), Math.Min(width, width - dx));
            sum += Dot(a.AsSpan(y * width + left, right - left), b.AsSpan((y + dy) * width + left + dx, right - left));
            count += right - left;
        }

        return sum / count;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var lanes = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            lanes += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        }

        var sum = Vector.Sum(lanes);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
