using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Where something stands.</summary>
internal static class Places
{
    /// <summary>Scene units from the middle; things on the left and on the right are 0.36 away from it.</summary>
    private const double Side = 0.18;

    public static Placement Of(Film film, double column) => ((column + 0.5 - film.Width / 2.0) / Film.Unit) switch
    {
        < -Side => Placement.Left,
        > Side => Placement.Right,
        _ => Placement.Middle,
    };
}
