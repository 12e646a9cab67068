using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Flowers grow out of a meadow.</summary>
internal sealed class FlowersReader : FamilyReader
{
    /// <summary>Growth of the coloured area from the first to the last fifth of the clip.</summary>
    private const double LeastGrowth = 2.5;

    private const double MostRestless = 3;

    public static FlowersReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Color, Aspect.Count, Aspect.Motion, Aspect.Background };

    public override void Read(Film film, Notes notes)
    {
        notes.See(Aspect.Background, Skies.Of(RowBackdrop.Of(film)));
        if (Movers.Of(film, Plate.Of(film), leastShare: 0.0008, bottom: 0.86) is not { } movers)
        {
            return;
        }

        notes.See<NamedColor>(Aspect.Color, movers.Color);
        var area = new Track();
        for (var i = 0; i < movers.Frames.Length; i++)
        {
            area.Add((double)i / (movers.Frames.Length - 1), movers.Frames[i].Sum(blob => blob.Area));
        }

        var few = Math.Max(1, movers.Frames.Length / 5);
        var (first, last) = (area.Values.Take(few).Average(), area.Values.TakeLast(few).Average());
        if (area.Restlessness() < MostRestless)
        {
            notes.See<Motion>(Aspect.Motion, last > LeastGrowth * first ? Motion.Grow : first > LeastGrowth * last ? Motion.Shrink : null);
        }

        // Flowers are counted where they are largest.
        var open = movers.Frames.OrderByDescending(blobs => blobs.Sum(blob => blob.Area)).Take(movers.Frames.Length / 3).ToArray();
        if (Counting.Of([.. open.Select(blobs => blobs.Count(blob => blob.Area > 0.35 * blobs[0].Area))]) is { } count)
        {
            notes.See(Aspect.Count, count);
        }
    }
}
