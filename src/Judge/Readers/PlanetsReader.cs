using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Planets circle a sun among stars.</summary>
internal sealed class PlanetsReader : FamilyReader
{
    /// <summary>Degrees over the clip; the slowest planet goes round by 198.</summary>
    private const double LeastTurn = 90;

    private const double LeastAgreement = 0.85;

    /// <summary>Orbits are seen at an angle: their height divided by their width.</summary>
    private const double Tilt = 0.7;

    /// <summary>Scene units that a planet moves per frame at most, of a clip of 41 frames.</summary>
    private const double MostStep = 0.1;

    public static PlanetsReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Color, Aspect.SecondColor, Aspect.Count, Aspect.Motion };

    public override void Read(Film film, Notes notes)
    {
        var plate = Plate.Median(film);
        if (Sun(film, plate) is not { } sun)
        {
            return;
        }

        notes.See(Aspect.SecondColor, sun.Color);
        if (Movers.Of(film, plate, leastShare: 0.0016) is not { } movers)
        {
            return;
        }

        var planets = movers.Frames.Select(blobs => blobs.Where(blob => blob.Area > 0.35 * blobs[0].Area).ToArray()).ToArray();
        if (Counting.Of([.. planets.Select(blobs => blobs.Length)]) is not { } count)
        {
            return;
        }

        notes.See<NamedColor>(Aspect.Color, movers.Color);
        notes.See(Aspect.Count, count);
        notes.See(Aspect.Motion, Turn(planets, sun.X, sun.Y, count));
    }

    /// <summary>The bright disc in the middle of what stands still.</summary>
    private static (double X, double Y, NamedColor? Color)? Sun(Film film, byte[] plate)
    {
        var rows = RowBackdrop.Of(film);
        var distances = new float[film.Width * film.Height];
        Figures.Distances(film, plate, rows.Colors, distances);
        var most = distances.Order().ElementAt(distances.Length * 99 / 100);
        var mask = distances.Select(distance => distance > 0.7 * most && most > 0.3).ToArray();
        var sun = Components.Take(mask, film.Width, film.Width * film.Height / 200).FirstOrDefault();
        return sun is null || sun.Area > film.Width * film.Height / 8 ? null : (sun.X, sun.Y, ColorNames.Of(Picture.MedianColor(plate, sun.Pixels)));
    }

    /// <summary>The way that nearly all planets go round the sun, frame by frame.</summary>
    private static Motion? Turn(Blob[][] frames, double sunX, double sunY, int count)
    {
        var steps = new List<double>();
        double Angle(Blob blob) => Math.Atan2((blob.Y - sunY) / Tilt, blob.X - sunX) * 180 / Math.PI;
        for (var i = 1; i < frames.Length; i++)
        {
            foreach (var planet in frames[i])
            {
                double Far(Blob other) => Math.Sqrt(Math.Pow(other.X - planet.X, 2) + Math.Pow(other.Y - planet.Y, 2)) / Film.Unit;
                if (frames[i - 1].MinBy(Far) is { } before && Far(before) < MostStep * 40 / (frames.Length - 1))
                {
                    steps.Add((Angle(planet) - Angle(before) + 540) % 360 - 180);
                }
            }
        }

        var total = steps.Sum() / count;
        var agreeing = steps.Count(step => Math.Sign(step) == Math.Sign(total));
        return Math.Abs(total) < LeastTurn || agreeing < LeastAgreement * steps.Count ? null : total > 0 ? Motion.Clockwise : Motion.CounterClockwise;
    }
}
