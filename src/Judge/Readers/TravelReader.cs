using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>A boat, a fish or a car crosses the picture.</summary>
internal sealed class TravelReader : FamilyReader
{
    /// <summary>Scene units; the slowest travels 0.44.</summary>
    private const double LeastTravel = 0.2;

    private const double LeastFit = 0.9, LeastPresence = 0.6, LeastShare = 0.0015;
    private readonly (double Top, double Bottom) _rows;

    private TravelReader((double Top, double Bottom) rows, params Aspect[] readable) =>
        (_rows, Readable) = (rows, new HashSet<Aspect>(readable));

    /// <summary>Only the sails: the hull is lower.</summary>
    public static TravelReader Boat { get; } = new((0.25, 0.64), Aspect.Color, Aspect.Motion, Aspect.Background);

    /// <summary>Above the weeds and below the glitter.</summary>
    public static TravelReader Fish { get; } = new((0.16, 0.7), Aspect.Color, Aspect.Motion, Aspect.Size, Aspect.Speed);

    public static TravelReader Car { get; } = new((0.5, 0.78), Aspect.Color, Aspect.Motion, Aspect.Speed, Aspect.Background);

    public override IReadOnlySet<Aspect> Readable { get; }

    public override void Read(Film film, Notes notes)
    {
        if (Readable.Contains(Aspect.Background))
        {
            notes.See(Aspect.Background, Skies.Of(RowBackdrop.Of(film)));
        }

        // In front of one colour per row they are found at rest as well; hills and clouds make that the second choice.
        Movers? InFrontOf(byte[] plate) => Movers.Of(film, plate, LeastShare, _rows.Top, _rows.Bottom);
        var movers = InFrontOf(Plate.Of(film)) ?? InFrontOf(RowBackdrop.Of(film).Colors);
        if (movers is null)
        {
            return;
        }

        var (x, area) = (new Track(), new Track());
        for (var i = 0; i < movers.Frames.Length; i++)
        {
            if (movers.Frames[i].Length > 0)
            {
                var whole = movers.Frames[i].Where(blob => blob.Area > 0.2 * movers.Frames[i][0].Area).ToArray();
                var time = (double)i / (movers.Frames.Length - 1);
                x.Add(time, whole.Sum(blob => blob.X * blob.Area) / whole.Sum(blob => blob.Area) / Film.Unit);
                area.Add(time, whole.Sum(blob => blob.Area));
            }
        }

        if (x.Count < LeastPresence * film.Frames.Count)
        {
            return;
        }

        notes.See<NamedColor>(Aspect.Color, movers.Color);
        if (Readable.Contains(Aspect.Size))
        {
            // A fish covers about 2.4 times the square of its half length.
            notes.See<SizeClass>(Aspect.Size, Math.Sqrt(area.Median() / 2.4) / Film.Unit < 0.145 ? SizeClass.Small : SizeClass.Large);
        }

        var (travel, fit) = x.Line();
        if (Math.Abs(travel) >= LeastTravel && fit >= LeastFit)
        {
            notes.See<Motion>(Aspect.Motion, travel < 0 ? Motion.Left : Motion.Right);
            notes.See<Speed>(Aspect.Speed, Math.Abs(travel) < 0.63 ? Speed.Slow : Speed.Fast);
        }
    }
}
