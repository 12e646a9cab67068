using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Names plain backdrops.</summary>
internal static class PlainBackdrops
{
    private const double Reach = 0.11;

    /// <summary>Share of the pixels that must have the colour of the backdrop: noise and landscapes have no plain one.</summary>
    private const double LeastShare = 0.4;

    private const float NearDistance = 0.13f;
    private static readonly (double Top, double Bottom)[] Bands = [(0, 0.2), (0.4, 0.6), (0.8, 1)];

    /// <summary>The nearest plain backdrop, judged at the top, in the middle and at the bottom.</summary>
    public static Backdrop? Of(Film film, RowBackdrop rows)
    {
        if (ShareOfPlainPixels(film, rows) < LeastShare)
        {
            return null;
        }

        var seen = Bands.Select(band => Oklab.Of(rows.Mean(band.Top, band.Bottom))).ToArray();
        var (name, error) = Palette.Plain.Select(backdrop => (backdrop, Error(backdrop, seen))).MinBy(match => match.Item2);
        return error <= Reach ? name : null;
    }

    /// <summary>The same by the outer tenth on both sides, for one large thing in the middle.</summary>
    public static Backdrop? OfSides(Film film)
    {
        var sides = film.Sides(0.1);
        return Of(sides, RowBackdrop.Of(sides));
    }

    private static double Error(Backdrop backdrop, Oklab[] seen)
    {
        var (top, bottom) = Palette.Gradient(backdrop);
        return seen.Zip(Bands, (color, band) => color.Distance(Oklab.Of(top.Mix(bottom, (band.Top + band.Bottom) / 2)))).Average();
    }

    private static double ShareOfPlainPixels(Film film, RowBackdrop rows)
    {
        var distances = new float[film.Width * film.Height];
        var (near, all) = (0L, 0L);
        foreach (var frame in film.Sampled(5))
        {
            Figures.Distances(film, frame, rows.Colors, distances);
            near += distances.Count(distance => distance < NearDistance);
            all += distances.Length;
        }

        return (double)near / all;
    }
}
