namespace XVideo.Scenes;

/// <summary>Time curves: u in [0, 1] is the clip.</summary>
public static class Motions
{
    public static double Lerp(double from, double to, double u) => from + (to - from) * u;

    /// <summary>Starts and ends at rest.</summary>
    public static double Smooth(double u) => u * u * (3 - 2 * u);

    public static double Wave(double u, double turns, double phase = 0) => Math.Sin(2 * Math.PI * (u * turns + phase));

    /// <summary>Height in [0, 1] of a ball that lands <paramref name="bounces"/> times, <paramref name="phase"/> of a bounce late.</summary>
    public static double Bounce(double u, double bounces, double phase)
    {
        var v = u * bounces + phase;
        v -= Math.Floor(v);
        return 4 * v * (1 - v);
    }

    /// <summary>Unit vector on the screen (y down) of a straight motion.</summary>
    public static (double X, double Y) Heading(Motion motion)
    {
        const double Diagonal = 0.70710678;
        return motion switch
        {
            Motion.Left => (-1, 0),
            Motion.Right => (1, 0),
            Motion.Up => (0, -1),
            Motion.Down => (0, 1),
            Motion.UpLeft => (-Diagonal, -Diagonal),
            Motion.UpRight => (Diagonal, -Diagonal),
            Motion.DownLeft => (-Diagonal, Diagonal),
            Motion.DownRight => (Diagonal, Diagonal),
            _ => (0, 0),
        };
    }
}
