using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One shape grows, shrinks or pulses.</summary>
internal sealed class ResizingShapeReader : FamilyReader
{
    private const double LeastRatio = 1.5, LeastFit = 0.85, MostRestless = 7;

    /// <summary>Range of the radius of a pulse, as a share of its median; scenes have 0.63.</summary>
    private const double LeastPulse = 0.25;

    public static ResizingShapeReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Color, Aspect.Shape, Aspect.Motion, Aspect.Background };

    public override void Read(Film film, Notes notes)
    {
        var scene = SingleFigure.Of(film);
        scene.SeeThing(notes, turns: false);
        if (scene.Figures.Count > 0)
        {
            notes.See(Aspect.Motion, Change(scene.Over(figure => figure.Radius)));
        }
    }

    private static Motion? Change(Track radius)
    {
        var range = radius.Range();
        if (range < LeastPulse * radius.Median() || radius.Restlessness() > MostRestless)
        {
            return null;
        }

        if (radius.Turns(0.4 * range) >= 2)
        {
            return Motion.Pulse;
        }

        var (change, fit) = radius.Line();
        var (least, most) = (radius.Values.Min(), radius.Values.Max());
        return fit < LeastFit || most / least < LeastRatio ? null : change > 0 ? Motion.Grow : Motion.Shrink;
    }
}
