using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Names the ground that fills the lower half of a picture.</summary>
internal static class Grounds
{
    private const double Reach = 0.12;
    private static readonly Backdrop[] Known = [Backdrop.Grass, Backdrop.Sand, Backdrop.Snow, Backdrop.Wood];
    private static readonly (double Top, double Bottom)[] Bands = [(0.64, 0.72), (0.9, 1)];

    public static Backdrop? Of(RowBackdrop rows)
    {
        var seen = Bands.Select(band => Oklab.Of(rows.Mean(band.Top, band.Bottom))).ToArray();
        var (name, error) = Known.Select(ground => (ground, Error(ground, seen))).MinBy(match => match.Item2);
        return error <= Reach ? name : null;
    }

    /// <summary>The ground runs from far to near colour over half the height, from a horizon at about 0.54.</summary>
    private static double Error(Backdrop ground, Oklab[] seen)
    {
        var (far, near, _, _) = Palette.Ground(ground);
        return seen.Zip(Bands, (color, band) => color.Distance(Oklab.Of(far.Mix(near, ((band.Top + band.Bottom) / 2 - 0.54) / 0.5)))).Average();
    }
}
