using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Tells the time of day by the sky.</summary>
internal static class Skies
{
    private const double Reach = 0.13;

    /// <summary>Rows, as fractions of the height, that are sky in every outdoor family.</summary>
    private static readonly (double Top, double Bottom)[] Bands = [(0, 0.08), (0.36, 0.44)];

    /// <summary>Where the sky gradient ends and how grey clouds make it, over all families.</summary>
    private static readonly (double Horizon, double Grey)[] Variants =
        [.. from horizon in (double[])[0.62, 0.7, 0.85, 1] from grey in (double[])[0, 0.12, 0.32] select (horizon, grey)];

    public static Backdrop? Of(RowBackdrop rows)
    {
        var seen = Bands.Select(band => Oklab.Of(rows.Mean(band.Top, band.Bottom))).ToArray();
        var (name, error) = Palette.Times.Select(time => (time, Variants.Min(variant => Error(time, variant, seen)))).MinBy(match => match.Item2);
        return error <= Reach ? name : null;
    }

    /// <summary>By how much the upper sky differs from what it should be at this time: the tint of the whole picture, each channel within ±0.05.</summary>
    public static Rgb Cast(RowBackdrop rows, Backdrop time, double grey)
    {
        var (top, bottom) = Palette.Gradient(time);
        var band = Bands[0];
        var should = top.Mix(bottom, (band.Top + band.Bottom) / 2 / 0.7).Mix(Palette.Lit(Rgb.FromHex(0x8E99A8), time), grey);
        var sky = rows.Mean(band.Top, band.Bottom);
        return new(Math.Clamp(sky.R - should.R, -0.05, 0.05), Math.Clamp(sky.G - should.G, -0.05, 0.05), Math.Clamp(sky.B - should.B, -0.05, 0.05));
    }

    private static double Error(Backdrop time, (double Horizon, double Grey) variant, Oklab[] seen)
    {
        var (top, bottom) = Palette.Gradient(time);
        var cloudy = Palette.Lit(Rgb.FromHex(0x8E99A8), time);
        return seen.Zip(Bands, (color, band) =>
        {
            var clear = top.Mix(bottom, Math.Min(1, (band.Top + band.Bottom) / 2 / variant.Horizon));
            return color.Distance(Oklab.Of(clear.Mix(cloudy, variant.Grey)));
        }).Average();
    }
}
