namespace XVideo.Scenes;

/// <summary>Parts that several outdoor families share.</summary>
internal static class Landscape
{
    /// <summary>Sky of a time of day: stars and a moon at night.</summary>
    public static void Sky(Stage stage, Backdrop time, Dice dice, double horizon)
    {
        stage.Gradient(time, horizon);
        if (time == Backdrop.Night)
        {
            Stars(stage, dice, horizon);
        }
    }

    public static void Stars(Stage stage, Dice dice, double bottom)
    {
        var phase = dice.Next();
        stage.Overlay(Texture.Stars, _ => new(Rgb.FromHex(0xFFFDF2), 0.95) { Bottom = bottom }, variant: dice.Integer(0, 1));
        stage.Overlay(Texture.Stars, u => new(Rgb.FromHex(0xDDE8FF), 0.5 + 0.35 * Motions.Wave(u, 1.5, phase)) { Bottom = bottom }, variant: dice.Integer(2, 3));
    }

    /// <summary>Sun by day and at sunset, moon at night, with a glow.</summary>
    public static void SunOrMoon(Stage stage, Backdrop time, Func<double, (double X, double Y)> at, double radius)
    {
        var color = Rgb.FromHex(time switch { Backdrop.Night => 0xF3F1DD, Backdrop.Sunset => 0xFFE0A0, _ => 0xFFF4B8 });
        Glow(stage, at, radius * 2.2, color, time == Backdrop.Night ? 0.25 : 0.5);
        stage.Disc(u => new(at(u).X, at(u).Y, radius, radius, color) { Shade = 0.03 });
    }

    public static void Glow(Stage stage, Func<double, (double X, double Y)> at, double radius, Rgb color, double opacity) =>
        stage.Disc(u => new(at(u).X, at(u).Y, radius, radius, color) { Softness = 2 * radius, Opacity = opacity, Shade = 0 });

    public static void Clouds(Stage stage, Backdrop time, Dice dice, int step) => stage.Overlay(
        Texture.Clouds,
        _ => new(time switch { Backdrop.Night => Rgb.FromHex(0x55618A), Backdrop.Sunset => Rgb.FromHex(0xFFD2B4), _ => new(1, 1, 1) }, time == Backdrop.Night ? 0.45 : 0.8) { Bottom = 0.7 },
        stepX: step, variant: dice.Integer(0, 3));

    /// <summary>A row of distant houses.</summary>
    public static void Skyline(Stage stage, Backdrop time, Dice dice)
    {
        for (var i = 0; i < 5; i++)
        {
            var (x, wide, high) = ((i + 0.5) * Stage.Width / 5 + dice.Between(-0.03, 0.03), dice.Between(0.1, 0.16), dice.Between(0.14, 0.3));
            var color = Palette.Lit(Rgb.FromHex(0x8FA0B8).Darker(dice.Between(0, 0.2)), time);
            stage.Box(_ => new(x, 0.9 - high / 2, wide, high, color) { Shade = 0.06 });
        }
    }

    /// <summary>Crest line of a land, scrolled by <paramref name="shift"/> scene units.</summary>
    public static (Wave First, Wave Second) Crest(Land land, double roughness, double phase, double shift) => land switch
    {
        Land.Mountains => (new(0.075 * roughness, 4.2, phase + 4.2 * shift), new(0.034 * roughness, 11.3, 1.7 * phase + 11.3 * shift)),
        Land.Dunes => (new(0.05 * roughness, 2.3, phase + 2.3 * shift), new(0.012 * roughness, 5.9, 1.7 * phase + 5.9 * shift)),
        _ => (new(0.055 * roughness, 3.3, phase + 3.3 * shift), new(0.02 * roughness, 7.1, 1.7 * phase + 7.1 * shift)),
    };

    /// <summary>Far to near colours of a land.</summary>
    public static Rgb[] Colors(Land land, Backdrop time)
    {
        int[] colors = land switch
        {
            Land.Mountains => [0x9DB4D0, 0x6E8BB0, 0x4F7A5A],
            Land.Dunes => [0xEBD3A0, 0xDDB877, 0xC99A55],
            _ => [0xA5CFA0, 0x74B567, 0x4C9447],
        };
        return [.. colors.Select(color => Palette.Lit(Rgb.FromHex(color), time))];
    }
}
