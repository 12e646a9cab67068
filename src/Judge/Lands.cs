using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Tells hills, mountains and dunes apart by their colours at a time of day.</summary>
internal static class Lands
{
    private const double Reach = 0.1;

    /// <summary>The three ridges of a camera pan, far to near: rows where one is seen, and the row of its crest.</summary>
    private static readonly (double Top, double Bottom, double Crest)[] Ridges = [(0.61, 0.66, 0.55), (0.77, 0.82, 0.69), (0.92, 1, 0.83)];

    /// <summary>Under weather only the two far ridges differ between lands.</summary>
    private static readonly (double Top, double Bottom, double Crest)[] FarRidges = [(0.6, 0.64, 0.56), (0.71, 0.76, 0.68)];

    public static Land? OfPan(RowBackdrop rows, Backdrop time) => Nearest(
        Enum.GetValues<Land>(), Ridges, Skies.Cast(rows, time, grey: 0), (top, bottom) => rows.Mean(top, bottom), (land, ridge) =>
        {
            var color = Landscape.Colors(land, time)[ridge];
            var depth = ((Ridges[ridge].Top + Ridges[ridge].Bottom) / 2 - Ridges[ridge].Crest) / 0.28;
            return color.Lighter(0.1).Mix(color.Darker(0.2), Math.Clamp(depth, 0, 1));
        });

    public static Land? UnderWeather(Film film, byte[] plate, Backdrop time, Weather? weather)
    {
        var night = time == Backdrop.Night;
        var white = Palette.Lit(Rgb.FromHex(0xEEF3FA), night ? Backdrop.Night : Backdrop.Day).Lighter(night ? 0.2 : 0);
        var cast = Skies.Cast(RowBackdrop.Of(film), time, grey: weather == Weather.Snow ? 0.12 : 0.32);
        return Nearest([Land.Hills, Land.Mountains], FarRidges, cast, (top, bottom) => Row(film, plate, top, bottom), (land, ridge) =>
        {
            var color = Landscape.Colors(land, time)[ridge];
            color = weather == Weather.Snow ? color.Mix(white, 0.35 + 0.25 * ridge) : color.Darker(0.1);
            var depth = ((FarRidges[ridge].Top + FarRidges[ridge].Bottom) / 2 - FarRidges[ridge].Crest) / 0.3;
            return color.Lighter(0.08).Mix(color.Darker(0.18), Math.Clamp(depth, 0, 1));
        });
    }

    /// <param name="cast">What the whole picture has too much of: at night, lands differ by less than a slight tint.</param>
    private static Land? Nearest(
        Land[] lands, (double Top, double Bottom, double Crest)[] ridges, Rgb cast, Func<double, double, Rgb> seen, Func<Land, int, Rgb> expected)
    {
        var bands = ridges.Select(ridge => seen(ridge.Top, ridge.Bottom))
            .Select(color => Oklab.Of(new(color.R - cast.R, color.G - cast.G, color.B - cast.B))).ToArray();
        var (name, error) = lands
            .Select(land => (land, Enumerable.Range(0, ridges.Length).Average(i => Oklab.Of(expected(land, i)).Distance(bands[i])))).MinBy(match => match.Item2);
        return error <= Reach ? name : null;
    }

    private static Rgb Row(Film film, byte[] plate, double top, double bottom)
    {
        var (first, end) = ((int)(top * film.Height) * film.Width, (int)(bottom * film.Height) * film.Width);
        return Picture.MedianColor(plate, [.. Enumerable.Range(first, end - first)]);
    }
}
