using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>A traffic light goes from one lamp to another.</summary>
internal sealed class TrafficLightReader : FamilyReader
{
    /// <summary>Distance between a lamp that is on and one that is off, and the brightness by which they differ (of 3).</summary>
    private const float LeastDistance = 0.3f, LeastBrightness = 0.25f;

    /// <summary>A lamp covers 0.016 of the picture.</summary>
    private const double LeastShare = 0.004;

    /// <summary>A switch is one step; flicker goes back and forth.</summary>
    private const double MostRestless = 2.5;

    public static TrafficLightReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } =
        new HashSet<Aspect> { Aspect.Color, Aspect.SecondColor, Aspect.Motion, Aspect.Background, Aspect.Placement };

    public override void Read(Film film, Notes notes)
    {
        notes.See(Aspect.Background, Skies.Of(RowBackdrop.Of(film)));
        var third = film.Frames.Count / 3;
        var (early, late) = (Plate.Median(film, 0, third), Plate.Median(film, film.Frames.Count - third, third));
        var (off, on) = (Switched(film, early, late), Switched(film, late, early));
        if (off is null || on is null)
        {
            return;
        }

        notes.See(Aspect.Color, Glass(early, late, off));
        notes.See(Aspect.SecondColor, Glass(late, early, on));
        notes.See<Placement>(Aspect.Placement, Places.Of(film, (off.X + on.X) / 2));
        if (IsStep(film, off) && IsStep(film, on) && Math.Abs(off.Y - on.Y) > 0.1 * Film.Unit)
        {
            notes.See<Motion>(Aspect.Motion, Motion.ChangeColor);
        }
    }

    /// <summary>The largest area that is clearly brighter before than after.</summary>
    private static Blob? Switched(Film film, byte[] before, byte[] after)
    {
        var distances = new float[film.Width * film.Height];
        Figures.Distances(film, before, after, distances);
        var mask = new bool[distances.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = distances[i] > LeastDistance && Picture.Brightness(before, i) - Picture.Brightness(after, i) > LeastBrightness;
        }

        return Components.Take(mask, film.Width, (int)(LeastShare * mask.Length)).FirstOrDefault();
    }

    /// <summary>Colour of the lit lamp: where it changed most, which leaves out the glow around it.</summary>
    private static NamedColor? Glass(byte[] lit, byte[] dark, Blob lamp)
    {
        var changed = lamp.Pixels.OrderByDescending(pixel => Picture.Brightness(lit, pixel) - Picture.Brightness(dark, pixel)).Take(lamp.Area / 2).ToArray();
        return ColorNames.Of(Picture.MedianColor(lit, changed));
    }

    private static bool IsStep(Film film, Blob lamp)
    {
        var brightness = new Track();
        foreach (var (i, frame) in film.Frames.Index())
        {
            brightness.Add(i, lamp.Pixels.Average(pixel => Picture.Brightness(frame, pixel)));
        }

        return brightness.Restlessness() < MostRestless;
    }
}
