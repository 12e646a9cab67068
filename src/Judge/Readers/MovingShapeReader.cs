using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One shape crosses a plain backdrop.</summary>
internal sealed class MovingShapeReader : FamilyReader
{
    /// <summary>Scene units. The slowest large shape still travels 0.3.</summary>
    private const double LeastTravel = 0.12;

    private const double LeastFit = 0.9;

    public static MovingShapeReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } =
        new HashSet<Aspect> { Aspect.Color, Aspect.Shape, Aspect.Motion, Aspect.Background, Aspect.Size, Aspect.Speed };

    public override void Read(Film film, Notes notes)
    {
        var scene = SingleFigure.Of(film);
        scene.SeeThing(notes, turns: false);
        if (scene.Figures.Count == 0)
        {
            return;
        }

        var size = scene.SizeOf();
        notes.See<SizeClass>(Aspect.Size, size < 0.12 ? SizeClass.Small : SizeClass.Large);
        var (x, y) = (scene.Over(figure => figure.X / Film.Unit).Line(), scene.Over(figure => figure.Y / Film.Unit).Line());
        var travel = Math.Sqrt(x.Change * x.Change + y.Change * y.Change);
        var fit = Math.Abs(x.Change) > Math.Abs(y.Change) ? x.Fit : y.Fit;
        if (travel < LeastTravel || fit < LeastFit)
        {
            return;
        }

        var heading = Heading(x.Change, y.Change);
        notes.See<Motion>(Aspect.Motion, heading);
        notes.See<Speed>(Aspect.Speed, Pace(heading, size, x.Change, y.Change) < 0.77 ? Speed.Slow : Speed.Fast);
    }

    /// <summary>The nearest of the eight directions.</summary>
    private static Motion Heading(double x, double y)
    {
        Motion[] around = [Motion.Right, Motion.DownRight, Motion.Down, Motion.DownLeft, Motion.Left, Motion.UpLeft, Motion.Up, Motion.UpRight];
        return around[((int)Math.Round(Math.Atan2(y, x) / (Math.PI / 4)) + 8) % 8];
    }

    /// <summary>Travel as a share of what a fast shape of this size travels within the picture; a slow one has 0.55.</summary>
    private static double Pace(Motion heading, double size, double x, double y)
    {
        var (hx, hy) = Motions.Heading(heading);
        var (roomX, roomY) = (2 * Math.Abs(hx) * (0.62 - size), 2 * Math.Abs(hy) * (0.46 - size) * (hx != 0 ? 1.3 : 1));
        return Math.Sqrt((x * x + y * y) / Math.Max(roomX * roomX + roomY * roomY, 1e-6));
    }
}
