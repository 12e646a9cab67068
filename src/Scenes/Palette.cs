namespace XVideo.Scenes;

/// <summary>Every colour of the data in one place, so that scenes match each other.</summary>
public static class Palette
{
    /// <summary>Below this distance two named colours, or a colour and its background, are too close to tell apart.</summary>
    private const double LeastContrast = 0.42;

    /// <summary>Colours of flowers, sails, fish, cars: everything but white and black.</summary>
    public static IReadOnlyList<NamedColor> Vivid { get; } =
        [NamedColor.Red, NamedColor.Green, NamedColor.Blue, NamedColor.Yellow, NamedColor.Orange, NamedColor.Purple, NamedColor.Pink, NamedColor.Cyan];

    public static IReadOnlyList<Backdrop> Plain { get; } =
        [Backdrop.White, Backdrop.Black, Backdrop.Gray, Backdrop.Cream, Backdrop.LightBlue, Backdrop.DarkBlue, Backdrop.Mint, Backdrop.Lavender];

    public static IReadOnlyList<Backdrop> Times { get; } = [Backdrop.Day, Backdrop.Sunset, Backdrop.Night];

    public static Rgb Of(NamedColor color) => Rgb.FromHex(color switch
    {
        NamedColor.Red => 0xDE2B2B,
        NamedColor.Green => 0x2FA84A,
        NamedColor.Blue => 0x2B5FD9,
        NamedColor.Yellow => 0xF8D22A,
        NamedColor.Orange => 0xF5811E,
        NamedColor.Purple => 0x8A3FC0,
        NamedColor.Pink => 0xF77FB4,
        NamedColor.Cyan => 0x22C6D4,
        NamedColor.White => 0xF6F6F4,
        _ => 0x16161A,
    });

    /// <summary>Gradient of a plain backdrop, or of the sky at a time of day.</summary>
    public static (Rgb Top, Rgb Bottom) Gradient(Backdrop backdrop) => backdrop switch
    {
        Backdrop.White => (Rgb.FromHex(0xFAFAFA), Rgb.FromHex(0xE4E6EA)),
        Backdrop.Black => (Rgb.FromHex(0x1A1A20), Rgb.FromHex(0x08080A)),
        Backdrop.Gray => (Rgb.FromHex(0x9A9DA3), Rgb.FromHex(0x7C7F87)),
        Backdrop.Cream => (Rgb.FromHex(0xFBF3DC), Rgb.FromHex(0xF0DFB8)),
        Backdrop.LightBlue => (Rgb.FromHex(0xC4E2FA), Rgb.FromHex(0x9CCBF2)),
        Backdrop.DarkBlue => (Rgb.FromHex(0x152A55), Rgb.FromHex(0x0B1734)),
        Backdrop.Mint => (Rgb.FromHex(0xCDF1DD), Rgb.FromHex(0xA3DFC0)),
        Backdrop.Lavender => (Rgb.FromHex(0xE3DAF7), Rgb.FromHex(0xC7B8EC)),
        Backdrop.Sunset => (Rgb.FromHex(0x5B4B8A), Rgb.FromHex(0xFCB07A)),
        Backdrop.Night => (Rgb.FromHex(0x070B22), Rgb.FromHex(0x263463)),
        _ => (Rgb.FromHex(0x5AA9E8), Rgb.FromHex(0xD6ECFA)),
    };

    /// <summary>Far and near colour of the ground a ball bounces on.</summary>
    public static (Rgb Far, Rgb Near, Texture Texture, double Amount) Ground(Backdrop backdrop) => backdrop switch
    {
        Backdrop.Grass => (Rgb.FromHex(0x78BE5A), Rgb.FromHex(0x3E8E3A), Texture.Grass, 0.16),
        Backdrop.Sand => (Rgb.FromHex(0xEBD59B), Rgb.FromHex(0xD3AE66), Texture.Grain, 0.07),
        Backdrop.Snow => (Rgb.FromHex(0xF2F6FB), Rgb.FromHex(0xD8E3F0), Texture.Grain, 0.04),
        Backdrop.Wood => (Rgb.FromHex(0xC08A55), Rgb.FromHex(0x96612F), Texture.Planks, 0.20),
        _ => throw new ArgumentException($"Backdrop {backdrop} is not a ground; grounds are Grass, Sand, Snow and Wood."),
    };

    /// <summary>Light of a time of day on a surface: multiplies by darkening, then tints.</summary>
    public static Rgb Lit(Rgb color, Backdrop time) => time switch
    {
        Backdrop.Sunset => color.Darker(0.25).Mix(Rgb.FromHex(0xE0784A), 0.22),
        Backdrop.Night => color.Darker(0.52).Mix(Rgb.FromHex(0x1A2A60), 0.42),
        _ => color,
    };

    public static bool Contrasts(NamedColor color, params ReadOnlySpan<Rgb> backgrounds)
    {
        foreach (var background in backgrounds)
        {
            if (Of(color).Distance(background) < LeastContrast)
            {
                return false;
            }
        }

        return true;
    }

    public static bool Contrasts(NamedColor color, Backdrop backdrop)
    {
        var (top, bottom) = Gradient(backdrop);
        return Contrasts(color, top, bottom);
    }

    /// <summary>A colour out of <paramref name="from"/> that is told apart from the backgrounds; the first fitting draw.</summary>
    public static NamedColor Pick(Dice dice, IReadOnlyList<NamedColor> from, params Rgb[] backgrounds)
    {
        var fitting = from.Where(color => Contrasts(color, backgrounds)).ToArray();
        return fitting.Length > 0
            ? dice.Pick(fitting)
            : throw new ArgumentException($"None of {string.Join(", ", from)} contrasts with {string.Join(", ", backgrounds)}; allow more colours.");
    }
}
