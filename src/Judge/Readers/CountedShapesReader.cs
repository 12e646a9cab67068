using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One to a few equal shapes float in place in front of a plain backdrop.</summary>
internal sealed class CountedShapesReader : FamilyReader
{
    private const int MostCounted = 8;

    /// <summary>Scene units: how far things that float bob up and down (scenes: 0.13), and how far they may stray.</summary>
    private const double LeastBob = 0.04, MostStray = 0.2;

    private const double MostRestless = 8;

    public static CountedShapesReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } =
        new HashSet<Aspect> { Aspect.Color, Aspect.Shape, Aspect.Count, Aspect.Motion, Aspect.Background, Aspect.Size };

    public override void Read(Film film, Notes notes)
    {
        var backdrop = RowBackdrop.Of(film);
        notes.See(Aspect.Background, PlainBackdrops.Of(film, backdrop));
        var frames = Figures.Find(film, backdrop.Colors, MostCounted).Select(Equal).ToArray();
        var count = Counting.Of([.. frames.Select(frame => frame.Length)]);
        if (count is null)
        {
            return;
        }

        notes.See(Aspect.Count, count.Value);
        var seen = frames.Select((frame, i) => (Time: (double)i / (frames.Length - 1), Figures: frame)).Where(frame => frame.Figures.Length == count).ToArray();
        var all = seen.SelectMany(frame => frame.Figures).ToArray();
        notes.See(Aspect.Color, SingleFigure.ColorOf(all));
        notes.See(Aspect.Shape, SingleFigure.ShapeOf(all, turns: false));
        notes.See<SizeClass>(Aspect.Size, Track.Median(all.Select(figure => figure.Radius)) < 0.09 * Film.Unit ? SizeClass.Small : SizeClass.Large);
        notes.See(Aspect.Motion, Float(seen, count.Value));
    }

    /// <summary>Drops specks: things much smaller than the typical one. From left to right.</summary>
    private static PlainFigure[] Equal(PlainFigure[] figures)
    {
        var typical = Track.Median(figures.Select(figure => (double)figure.Blob.Area));
        return [.. figures.Where(figure => figure.Blob.Area > 0.4 * typical).OrderBy(figure => figure.X)];
    }

    private static Motion? Float((double Time, PlainFigure[] Figures)[] frames, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (new Track(), new Track());
            foreach (var (time, figures) in frames)
            {
                x.Add(time, figures[i].X / Film.Unit);
                y.Add(time, figures[i].Y / Film.Unit);
            }

            if (y.Range() < LeastBob || y.Range() > MostStray || x.Range() > MostStray / 2 || y.Restlessness() > MostRestless)
            {
                return null;
            }
        }

        return Motion.Float;
    }
}
