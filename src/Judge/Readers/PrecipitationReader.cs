using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Snow or rain falls over a landscape with a house.</summary>
internal sealed class PrecipitationReader : FamilyReader
{
    public static PrecipitationReader Instance { get; } = new();

    public override IReadOnlySet<Aspect> Readable { get; } =
        new HashSet<Aspect> { Aspect.Motion, Aspect.Background, Aspect.Weather, Aspect.Land, Aspect.Placement };

    public override void Read(Film film, Notes notes)
    {
        var plate = Plate.Median(film);
        var time = Skies.Of(RowBackdrop.Of(film));
        notes.See(Aspect.Background, time);
        var drops = FallingDrops.Of(film, plate);
        notes.See(Aspect.Motion, drops.Motion);
        notes.See(Aspect.Weather, drops.Weather);
        if (time is { } known)
        {
            notes.See(Aspect.Land, Lands.UnderWeather(film, plate, known, drops.Weather));
        }

        notes.See(Aspect.Placement, House(film, plate));
    }

    /// <summary>The house is the warmest part between the hills: brick by day, lit windows at night.</summary>
    private static Placement? House(Film film, byte[] plate)
    {
        var columns = new double[film.Width];
        for (var y = (int)(0.6 * film.Height); y < (int)(0.78 * film.Height); y++)
        {
            var warmth = Enumerable.Range(y * film.Width, film.Width).Select(pixel => (plate[pixel * 3] - plate[pixel * 3 + 2]) / 255.0).ToArray();
            var usual = Track.Median(warmth);
            for (var x = 0; x < film.Width; x++)
            {
                columns[x] += Math.Max(0, warmth[x] - usual - 0.03);
            }
        }

        double Around(double place) => Enumerable.Range(0, film.Width)
            .Where(x => Math.Abs((x + 0.5 - film.Width / 2.0) / Film.Unit - place) < 0.14).Sum(x => columns[x]);
        var scores = new[] { (Placement.Left, Around(-0.36)), (Placement.Middle, Around(0)), (Placement.Right, Around(0.36)) }.OrderByDescending(score => score.Item2).ToArray();
        return scores[0].Item2 > 6 && scores[0].Item2 > 1.6 * scores[1].Item2 ? scores[0].Item1 : null;
    }
}
