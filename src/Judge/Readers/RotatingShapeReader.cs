using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One shape turns in the middle of a plain backdrop.</summary>
internal sealed class RotatingShapeReader : FamilyReader
{
    /// <summary>Degrees over the clip; slow shapes turn by 162, fast ones by 360.</summary>
    private const double LeastTurn = 70, FastFrom = 260;

    public static RotatingShapeReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } =
        new HashSet<Aspect> { Aspect.Color, Aspect.Shape, Aspect.Motion, Aspect.Background, Aspect.Size, Aspect.Speed };

    public override void Read(Film film, Notes notes)
    {
        var scene = SingleFigure.Of(film);
        scene.SeeThing(notes, turns: true);
        if (scene.Figures.Count == 0)
        {
            return;
        }

        notes.See<SizeClass>(Aspect.Size, scene.SizeOf() < 0.21 ? SizeClass.Small : SizeClass.Large);
        var turn = TurnMeter.Of([.. scene.Figures.Select(seen => seen.Figure.Outline.Rays)]);
        if (Math.Abs(turn) >= LeastTurn)
        {
            notes.See<Motion>(Aspect.Motion, turn > 0 ? Motion.Clockwise : Motion.CounterClockwise);
            notes.See<Speed>(Aspect.Speed, Math.Abs(turn) < FastFrom ? Speed.Slow : Speed.Fast);
        }
    }
}
