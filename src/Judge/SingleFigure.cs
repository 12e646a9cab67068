using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One thing in front of a plain backdrop, through the whole clip.</summary>
internal sealed class SingleFigure
{
    /// <summary>The thing must be seen in this share of the frames.</summary>
    private const double LeastPresence = 0.6;

    private readonly Film _film;
    private readonly RowBackdrop _backdrop;

    private SingleFigure(Film film, RowBackdrop backdrop, List<(double, PlainFigure)> figures) => (_film, _backdrop, Figures) = (film, backdrop, figures);

    /// <summary>Time in [0, 1] and what is seen then; empty when there is no clear single thing.</summary>
    public IReadOnlyList<(double Time, PlainFigure Figure)> Figures { get; }

    public static SingleFigure Of(Film film)
    {
        var backdrop = RowBackdrop.Of(film);
        var frames = Judge.Figures.Find(film, backdrop.Colors, most: 3);
        var figures = new List<(double, PlainFigure)>();
        for (var i = 0; i < frames.Length; i++)
        {
            // A second thing of nearly the same size makes "the" thing unclear.
            if (frames[i].Length > 0 && (frames[i].Length == 1 || frames[i][1].Blob.Area < 0.35 * frames[i][0].Blob.Area))
            {
                figures.Add(((double)i / (frames.Length - 1), frames[i][0]));
            }
        }

        return new(film, backdrop, figures.Count >= LeastPresence * frames.Length ? figures : []);
    }

    /// <summary>Colour, shape and backdrop.</summary>
    public void SeeThing(Notes notes, bool turns)
    {
        notes.See(Aspect.Background, PlainBackdrops.Of(_film, _backdrop));
        if (Figures.Count > 0)
        {
            notes.See(Aspect.Color, ColorOf([.. Figures.Select(seen => seen.Figure)]));
            notes.See(Aspect.Shape, ShapeOf([.. Figures.Select(seen => seen.Figure)], turns));
        }
    }

    public Track Over(Func<PlainFigure, double> value)
    {
        var track = new Track();
        foreach (var (time, figure) in Figures)
        {
            track.Add(time, value(figure));
        }

        return track;
    }

    /// <summary>Size in scene units as scenes state it: half the width of the square that a shape fills about as well.</summary>
    public double SizeOf()
    {
        var shape = ShapeOf([.. Figures.Select(seen => seen.Figure)], turns: true);
        return Over(figure => figure.Radius).Median() / Film.Unit / RadiusPerSize(shape);
    }

    public static NamedColor? ColorOf(IReadOnlyList<PlainFigure> figures) => ColorNames.Of(new(
        Track.Median(figures.Select(f => f.Color.R)), Track.Median(figures.Select(f => f.Color.G)), Track.Median(figures.Select(f => f.Color.B))));

    /// <summary>The shape by the frames in which the whole thing is inside the picture.</summary>
    public static Shape? ShapeOf(IReadOnlyList<PlainFigure> figures, bool turns)
    {
        var whole = figures.Where(figure => !figure.IsCut).ToArray();
        return ShapeNames.Of([.. whole.Select(figure => figure.Outline)], Track.Median(whole.Select(figure => figure.Hollowness)), turns);
    }

    /// <summary>Radius of the disc of equal area, for a shape of size one; the outlines are those of the scenes.</summary>
    private static double RadiusPerSize(Shape? shape) => shape switch
    {
        Shape.Triangle => 0.80,
        Shape.Star => 0.81,
        Shape.Heart or Shape.Diamond => 0.87,
        Shape.Square or Shape.Hexagon => 0.97,
        Shape.Ball or Shape.Ring => 1,
        _ => 0.9,
    };
}
