using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Two shapes beside or above one another move together or apart.</summary>
internal sealed class TwoShapesReader : FamilyReader
{
    private const double LeastPresence = 0.6;

    /// <summary>Scene units by which the distance between the two changes; scenes have at least 0.3.</summary>
    private const double LeastChange = 0.12;

    private const double LeastFit = 0.85;

    public static TwoShapesReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect>
    {
        Aspect.Color, Aspect.SecondColor, Aspect.Shape, Aspect.SecondShape, Aspect.Relation, Aspect.Motion, Aspect.Background,
    };

    public override void Read(Film film, Notes notes)
    {
        var backdrop = RowBackdrop.Of(film);
        notes.See(Aspect.Background, PlainBackdrops.Of(film, backdrop));
        var frames = Figures.Find(film, backdrop.Colors, most: 3);
        var pairs = frames.Select((figures, i) => (Time: (double)i / (frames.Length - 1), Figures: figures)).Where(frame => IsPair(frame.Figures)).ToArray();
        if (pairs.Length < LeastPresence * frames.Length)
        {
            return;
        }

        var dx = pairs.Average(pair => Math.Abs(pair.Figures[0].X - pair.Figures[1].X));
        var dy = pairs.Average(pair => Math.Abs(pair.Figures[0].Y - pair.Figures[1].Y));
        var beside = dx > dy;
        var ordered = pairs.Select(pair => (pair.Time, Two: pair.Figures.Take(2).OrderBy(figure => beside ? figure.X : figure.Y).ToArray())).ToArray();
        notes.See<Relation>(Aspect.Relation, beside ? Relation.LeftOf : Relation.Above);
        See(notes, Aspect.Color, Aspect.Shape, [.. ordered.Select(pair => pair.Two[0])]);
        See(notes, Aspect.SecondColor, Aspect.SecondShape, [.. ordered.Select(pair => pair.Two[1])]);

        var distance = new Track();
        foreach (var (time, two) in ordered)
        {
            distance.Add(time, Math.Sqrt(Math.Pow(two[1].X - two[0].X, 2) + Math.Pow(two[1].Y - two[0].Y, 2)) / Film.Unit);
        }

        var (change, fit) = distance.Line();
        notes.See<Motion>(Aspect.Motion, Math.Abs(change) < LeastChange || fit < LeastFit ? null : change < 0 ? Motion.Together : Motion.Apart);
    }

    private static bool IsPair(PlainFigure[] figures) =>
        figures.Length >= 2 && figures[1].Blob.Area > 0.2 * figures[0].Blob.Area && (figures.Length == 2 || figures[2].Blob.Area < 0.5 * figures[1].Blob.Area);

    private static void See(Notes notes, Aspect color, Aspect shape, PlainFigure[] figures)
    {
        notes.See(color, SingleFigure.ColorOf(figures));
        notes.See(shape, SingleFigure.ShapeOf(figures, turns: false));
    }
}
