using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>The hand of a clock turns.</summary>
internal sealed class ClockReader : FamilyReader
{
    /// <summary>Degrees over the clip; slow hands turn by 144, fast ones by 342.</summary>
    private const double LeastTurn = 60, FastFrom = 240;

    private const double LeastAgreement = 0.8, LeastPresence = 0.6;
    private const float LeastDistance = 0.25f;

    public static ClockReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } = new HashSet<Aspect> { Aspect.Color, Aspect.Motion, Aspect.Speed, Aspect.Background };

    public override void Read(Film film, Notes notes)
    {
        // The face covers most of the middle rows.
        notes.See(Aspect.Background, PlainBackdrops.OfSides(film));
        var plate = Plate.Median(film);
        if (ClockFace.Of(film, plate) is not { } face)
        {
            return;
        }

        var distances = new float[film.Width * film.Height];
        var angles = new List<double>();
        var hand = new List<Rgb>();
        foreach (var frame in film.Frames)
        {
            Figures.Distances(film, frame, plate, distances);
            // The hour hand ends before this ring, the marks begin behind it.
            var pixels = face.Ring(0.6, 0.76).Where(pixel => distances[pixel] > LeastDistance).ToArray();
            if (pixels.Length >= 12 && face.AngleOf(pixels) is { } angle)
            {
                angles.Add(angle);
                var strongest = pixels.OrderByDescending(pixel => distances[pixel]).Take(Math.Max(6, pixels.Length / 2)).ToArray();
                hand.Add(Picture.MedianColor(frame, strongest));
            }
        }

        if (angles.Count < LeastPresence * film.Frames.Count)
        {
            return;
        }

        notes.See(Aspect.Color, ColorNames.Of(new(Track.Median(hand.Select(c => c.R)), Track.Median(hand.Select(c => c.G)), Track.Median(hand.Select(c => c.B)))));
        var turn = Turn(angles);
        if (Math.Abs(turn) >= LeastTurn)
        {
            notes.See<Motion>(Aspect.Motion, turn > 0 ? Motion.Clockwise : Motion.CounterClockwise);
            notes.See<Speed>(Aspect.Speed, Math.Abs(turn) < FastFrom ? Speed.Slow : Speed.Fast);
        }
    }

    /// <summary>Degrees in all, clockwise positive; 0 when the hand does not turn steadily.</summary>
    private static double Turn(List<double> angles)
    {
        var steps = angles.Zip(angles.Skip(1), (from, to) => (to - from + 540) % 360 - 180).ToArray();
        var total = steps.Sum();
        return steps.Count(step => Math.Sign(step) == Math.Sign(total)) < LeastAgreement * steps.Length || steps.Any(step => Math.Abs(step) > 60) ? 0 : total;
    }
}
