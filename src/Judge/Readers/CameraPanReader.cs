using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>The camera pans over a landscape.</summary>
internal sealed class CameraPanReader : FamilyReader
{
    /// <summary>Pixels looked for over two frames; the nearest ridge moves by 10 in a clip of 41 frames.</summary>
    private const int MostShift = 16;

    private const int Gap = 2, Pairs = 13;
    private const double LandTop = 0.48, LeastAgreement = 0.75;

    /// <summary>A shift counts when it explains this much of the change that standing still leaves.</summary>
    private const double MostRemaining = 0.88;

    /// <summary>Mean difference of neighbouring frames below which nothing moves.</summary>
    private const double LeastChange = 0.002;

    public static CameraPanReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Motion, Aspect.Background, Aspect.Land, Aspect.Placement };

    public override void Read(Film film, Notes notes)
    {
        var rows = RowBackdrop.Of(film);
        var time = Skies.Of(rows);
        notes.See(Aspect.Background, time);
        notes.See(Aspect.Motion, Pan(film));
        if (time is { } known)
        {
            notes.See(Aspect.Land, Lands.OfPan(rows, known));
            notes.See(Aspect.Placement, SunOrMoon(film, known, Skies.Cast(rows, known, grey: 0)));
        }
    }

    /// <summary>What the picture shows moves against the camera.</summary>
    private static Motion? Pan(Film film)
    {
        var light = film.Frames.Select(frame => Light(film, frame)).ToArray();
        var gap = Math.Max(1, (light.Length - Gap) / Pairs);
        var shifts = new List<int>();
        for (var t = 0; t + Gap < light.Length; t += gap)
        {
            shifts.Add(Shift(light[t], light[t + Gap], film.Width));
        }

        var right = shifts.Count(shift => shift < 0) >= LeastAgreement * shifts.Count;
        var left = shifts.Count(shift => shift > 0) >= LeastAgreement * shifts.Count;
        return right ? Motion.Right : left ? Motion.Left : null;
    }

    /// <summary>Pixels by which the land moves to the right; 0 when it stands or no shift fits.</summary>
    private static int Shift(float[] now, float[] next, int width)
    {
        var still = Difference(now, next, width, 0);
        if (still < LeastChange)
        {
            return 0;
        }

        var (best, least) = (0, MostRemaining * still);
        for (var dx = -MostShift; dx <= MostShift; dx++)
        {
            var difference = Difference(now, next, width, dx);
            (best, least) = difference < least ? (dx, difference) : (best, least);
        }

        return best;
    }

    private static double Difference(float[] now, float[] next, int width, int dx)
    {
        var (sum, count) = (0.0, 0);
        for (var row = 0; row < now.Length; row += width)
        {
            for (var x = MostShift; x < width - MostShift; x++)
            {
                sum += Math.Abs(now[row + x] - next[row + x + dx]);
                count++;
            }
        }

        return sum / count;
    }

    /// <summary>Brightness of the land, [rows, Width]: two rows and three columns in one, which averages noise.</summary>
    private static float[] Light(Film film, byte[] frame)
    {
        var first = (int)(LandTop * film.Height);
        var light = new float[(film.Height - first) / 2 * film.Width];
        for (var i = 0; i < light.Length; i++)
        {
            var (x, top) = (i % film.Width, (first + i / film.Width * 2) * film.Width);
            for (var near = Math.Max(0, x - 1); near <= Math.Min(film.Width - 1, x + 1); near++)
            {
                light[i] += (Picture.Brightness(frame, top + near) + Picture.Brightness(frame, top + film.Width + near)) / 18;
            }
        }

        return light;
    }

    /// <summary>The sun does not pan: it is far away. By day it is the only warm part of the sky, else its colour stands out.</summary>
    /// <param name="cast">Tint of the whole picture.</param>
    private static Placement? SunOrMoon(Film film, Backdrop time, Rgb cast)
    {
        var (bottom, isSun) = time switch
        {
            Backdrop.Day => (0.4, (Func<Rgb, bool>)(color => color.R - color.B - (cast.R - cast.B) > 0.05)),
            Backdrop.Sunset => (0.5, color => color.Distance(Rgb.FromHex(0xFFE0A0)) < 0.12),
            _ => (0.45, color => color.R > 0.45),
        };
        var plate = Plate.Median(film);
        var mask = new bool[film.Width * film.Height];
        for (var i = 0; i < (int)(bottom * film.Height) * film.Width; i++)
        {
            mask[i] = isSun(Picture.ColorAt(plate, i));
        }

        return Components.Take(mask, film.Width, film.Width * film.Height / 400).FirstOrDefault() is { } sun ? Places.Of(film, sun.X) : null;
    }
}
