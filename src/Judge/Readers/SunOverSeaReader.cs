using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>The sun rises from or sinks into the sea.</summary>
internal sealed class SunOverSeaReader : FamilyReader
{
    /// <summary>Rows of sky, as fractions of the height; the sea begins at 0.62.</summary>
    private const double Horizon = 0.6;

    /// <summary>Sum of the channels by which the sun outshines the sky beside it.</summary>
    private const double LeastGlow = 0.1;

    /// <summary>The sun is hidden where it outshines the sky by less than this share of its best.</summary>
    private const double HiddenBelow = 0.35;

    /// <summary>Scene units; from the sea to its highest place the sun climbs by 0.35.</summary>
    private const double LeastClimb = 0.15;

    private const double LeastFit = 0.75;

    /// <summary>Distance from the colour of the sun at which something bright is certainly not the sun but a cloud.</summary>
    private const double UnlikeSun = 0.4;

    private static readonly Rgb SunColor = Rgb.FromHex(0xFFF0B8);

    /// <summary>Rows of the sun's centre at which it is whole and below the clouds.</summary>
    private static readonly (double Top, double Bottom) ClearSky = (0.29, 0.44);

    public static SunOverSeaReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Color, Aspect.Motion, Aspect.Placement, Aspect.Size };

    public override void Read(Film film, Notes notes)
    {
        if (SunColumn(film) is not { } column)
        {
            return;
        }

        notes.See<Placement>(Aspect.Placement, Places.Of(film, column));
        notes.See(Aspect.Color, Tint(film, column));
        var (height, radius) = (new Track(), new Track());
        foreach (var (i, at) in SunRows(film, column).Index())
        {
            if (at is { } row)
            {
                height.Add((double)i / (film.Frames.Count - 1), row / Film.Unit);
                if (row > ClearSky.Top * Film.Unit && row < ClearSky.Bottom * Film.Unit && SunRadius(film, film.Frames[i], column, row) is { } size)
                {
                    radius.Add(i, size / Film.Unit);
                }
            }
        }

        var (change, fit) = height.Line();
        notes.See<Motion>(Aspect.Motion, Math.Abs(change) < LeastClimb || fit < LeastFit ? null : change < 0 ? Motion.Up : Motion.Down);
        if (radius.Count > 1)
        {
            notes.See<SizeClass>(Aspect.Size, radius.Median() < 0.0975 ? SizeClass.Small : SizeClass.Large);
        }
    }

    /// <summary>The column around which the sky is brightest over the clip.</summary>
    private static double? SunColumn(Film film)
    {
        var profile = new double[film.Width];
        foreach (var frame in film.Sampled(13))
        {
            for (var i = 0; i < (int)(Horizon * film.Height) * film.Width; i++)
            {
                profile[i % film.Width] += Picture.Brightness(frame, i);
            }
        }

        var low = profile.Order().ElementAt(film.Width / 2);
        var (sum, weighted) = (0.0, 0.0);
        for (var x = 0; x < film.Width; x++)
        {
            var bright = Math.Pow(Math.Max(0, profile[x] - low), 2);
            (sum, weighted) = (sum + bright, weighted + bright * x);
        }

        return sum <= 0 ? null : weighted / sum;
    }

    /// <summary>The row of the sun in each frame; null where it is hidden.</summary>
    private static double?[] SunRows(Film film, double column)
    {
        var excess = film.Frames.Select(frame => Excess(film, frame, column)).ToArray();

        // Clouds outshine the sky as well, but they stand still: what a row shows most of the time is not the sun.
        for (var y = 0; y < excess[0].Length; y++)
        {
            var usual = excess.Select(rows => rows[y]).Order().ElementAt(excess.Length / 5);
            foreach (var rows in excess)
            {
                rows[y] = Math.Max(0, rows[y] - usual);
            }
        }

        var most = excess.Max(rows => rows.Max());
        return [.. excess.Select(rows => most < LeastGlow || rows.Max() < HiddenBelow * most ? null : (double?)Peak(rows))];
    }

    /// <summary>How much the column of the sun outshines the rest of the sky in each row, smoothed.</summary>
    private static double[] Excess(Film film, byte[] frame, double column)
    {
        var rows = (int)(Horizon * film.Height);
        var excess = new double[rows];
        for (var y = 0; y < rows; y++)
        {
            var (near, far) = (Mean(film, frame, y, column, 0, 0.05), Mean(film, frame, y, column, 0.45, 2));
            var likeSun = Math.Max(0, 1 - near.Distance(SunColor) / UnlikeSun);
            excess[y] = likeSun * (Math.Max(0, near.R - far.R) + Math.Max(0, near.G - far.G) + Math.Max(0, near.B - far.B));
        }

        return [.. Enumerable.Range(0, rows).Select(y => excess[Math.Max(0, y - 5)..Math.Min(rows, y + 6)].Average())];
    }

    /// <summary>Centre of the part above three quarters of the largest value.</summary>
    private static double Peak(double[] rows)
    {
        var (least, sum, weighted) = (0.75 * rows.Max(), 0.0, 0.0);
        foreach (var (y, value) in rows.Index())
        {
            var weight = Math.Max(0, value - least);
            (sum, weighted) = (sum + weight, weighted + weight * y);
        }

        return weighted / sum;
    }

    /// <summary>Radius in pixels of a disc of the area that is more like the sun than like the glow around it.</summary>
    private static double? SunRadius(Film film, byte[] frame, double column, double row)
    {
        var core = Mean(film, frame, (int)row, column, 0, 0.03);
        var reach = (int)(0.17 * Film.Unit);
        var outside = Enumerable.Range(reach - 5, 5).Average(r => Ring(film, frame, column, row, r, core));
        var area = 0;
        for (var y = Math.Max(0, (int)row - reach); y <= row + reach; y++)
        {
            for (var x = Math.Max(0, (int)column - reach); x <= Math.Min(film.Width - 1, column + reach); x++)
            {
                var inside = Math.Pow(x - column, 2) + Math.Pow(y - row, 2) < reach * reach;
                area += inside && core.Distance(Picture.ColorAt(frame, y * film.Width + x)) < 0.5 * outside ? 1 : 0;
            }
        }

        return outside < 0.08 ? null : Math.Sqrt(area / Math.PI);
    }

    private static double Ring(Film film, byte[] frame, double column, double row, int radius, Rgb core)
    {
        const int Around = 32;
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < Around; i++)
        {
            var (x, y) = ((int)Math.Round(column + radius * Math.Cos(2 * Math.PI * i / Around)), (int)Math.Round(row + radius * Math.Sin(2 * Math.PI * i / Around)));
            if (x >= 0 && y >= 0 && x < film.Width && y < Horizon * film.Height)
            {
                (sum, count) = (sum + core.Distance(Picture.ColorAt(frame, y * film.Width + x)), count + 1);
            }
        }

        return sum / Math.Max(1, count);
    }

    /// <summary>Hue of the sky just above the sea, away from the sun.</summary>
    private static NamedColor? Tint(Film film, double column)
    {
        NamedColor[] tints = [NamedColor.Orange, NamedColor.Pink, NamedColor.Purple, NamedColor.Red, NamedColor.Yellow];
        var colors = new List<Rgb>();
        foreach (var frame in film.Sampled(9))
        {
            for (var y = (int)(0.5 * film.Height); y < (int)(0.58 * film.Height); y++)
            {
                colors.Add(Mean(film, frame, y, column, 0.45, 2));
            }
        }

        var seen = Oklab.Of(new(colors.Average(c => c.R), colors.Average(c => c.G), colors.Average(c => c.B)));
        var (name, error) = tints.Select(tint => (tint, SkyOf(tint).Distance(seen))).MinBy(match => match.Item2);
        return error < 0.12 ? name : null;
    }

    /// <summary>The sky above the sea in the middle of a clip.</summary>
    private static Oklab SkyOf(NamedColor name)
    {
        var tint = Palette.Of(name);
        return Oklab.Of(Rgb.FromHex(0x2A2250).Mix(tint, 0.45).Mix(tint.Lighter(0.245), 0.87));
    }

    /// <summary>Mean of the pixels of a row whose distance from the column is in this range of scene units.</summary>
    private static Rgb Mean(Film film, byte[] frame, int row, double column, double near, double far)
    {
        var (r, g, b, count) = (0.0, 0.0, 0.0, 1e-9);
        for (var x = 0; x < film.Width; x++)
        {
            var distance = Math.Abs(x - column) / Film.Unit;
            if (distance >= near && distance <= far)
            {
                var at = (row * film.Width + x) * 3;
                (r, g, b, count) = (r + frame[at] / 255.0, g + frame[at + 1] / 255.0, b + frame[at + 2] / 255.0, count + 1);
            }
        }

        return new(r / count, g / count, b / count);
    }
}
