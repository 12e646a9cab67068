using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>One to a few balloons rise.</summary>
internal sealed class BalloonsReader : FamilyReader
{
    /// <summary>Scene units; balloons rise by about 0.46.</summary>
    private const double LeastRise = 0.2;

    private const double LeastFit = 0.85;

    public static BalloonsReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Color, Aspect.Count, Aspect.Motion, Aspect.Background };

    public override void Read(Film film, Notes notes)
    {
        notes.See(Aspect.Background, Skies.Of(RowBackdrop.Of(film)));
        if (Movers.Of(film, Plate.Of(film), leastShare: 0.004) is not { } movers)
        {
            return;
        }

        var counts = movers.Frames.Select(blobs => blobs.Count(blob => blob.Area > 0.35 * blobs[0].Area)).ToArray();
        if (Counting.Of(counts) is not { } count)
        {
            return;
        }

        notes.See(Aspect.Count, count);
        notes.See<NamedColor>(Aspect.Color, movers.Color);
        var height = new Track();
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == count)
            {
                height.Add((double)i / (counts.Length - 1), movers.Frames[i].Take(count).Average(blob => blob.Y) / Film.Unit);
            }
        }

        var (change, fit) = height.Line();
        notes.See<Motion>(Aspect.Motion, Math.Abs(change) < LeastRise || fit < LeastFit ? null : change < 0 ? Motion.Up : Motion.Down);
    }
}
