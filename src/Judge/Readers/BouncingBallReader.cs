using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>A ball bounces on a ground.</summary>
internal sealed class BouncingBallReader : FamilyReader
{
    /// <summary>Scene units; balls jump 0.42 or more, large ones a little less.</summary>
    private const double LeastJump = 0.15;

    private const double MostRestless = 8, LeastPresence = 0.6;

    public static BouncingBallReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } =
        new HashSet<Aspect> { Aspect.Color, Aspect.Shape, Aspect.Motion, Aspect.Background, Aspect.Size };

    public override void Read(Film film, Notes notes)
    {
        notes.See(Aspect.Background, Grounds.Of(RowBackdrop.Of(film)));
        var plate = Plate.Of(film);
        if (Movers.Of(film, plate, leastShare: 0.006) is not { } movers)
        {
            return;
        }

        var (height, radius) = (new Track(), new Track());
        foreach (var (i, blobs) in movers.Frames.Index().Where(frame => frame.Item.Length > 0))
        {
            var time = (double)i / (movers.Frames.Length - 1);
            height.Add(time, blobs[0].Y / Film.Unit);
            radius.Add(time, Math.Sqrt(blobs[0].Area / Math.PI) / Film.Unit);
        }

        if (height.Count < LeastPresence * film.Frames.Count)
        {
            return;
        }

        notes.See<NamedColor>(Aspect.Color, movers.Color);
        notes.See<SizeClass>(Aspect.Size, radius.Median() < 0.12 ? SizeClass.Small : SizeClass.Large);
        notes.See(Aspect.Shape, ShapeInAir(film, plate, movers, height.Median() * Film.Unit));
        var range = height.Range();
        var bounces = range > LeastJump && height.Restlessness() < MostRestless && height.Turns(0.4 * range) >= 1;
        notes.See<Motion>(Aspect.Motion, bounces ? Motion.Bounce : null);
    }

    /// <summary>The shape while it is in the upper half of its way: there is no shadow beside it, and it is not squashed.</summary>
    private static Shape? ShapeInAir(Film film, byte[] plate, Movers movers, double median)
    {
        var outlines = film.Frames.Zip(movers.Frames)
            .Where(frame => frame.Second.Length > 0 && frame.Second[0].Y <= median)
            .Select(frame => Coverage.Outline(film, frame.First, plate, frame.Second[0], movers.Mean))
            .OfType<RadialOutline>().ToArray();
        return ShapeNames.Of(outlines, hollowness: 0, turns: false);
    }
}
