namespace XVideo.Scenes;

/// <summary>A boat sails across waves.</summary>
internal sealed class SailingBoat : SceneFamily
{
    public override string Name => "sailing boat";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a boat with a red sail sails to the left", "a sailing boat with white sails moves right at sunset", "at night a boat with a yellow sail glides to the right"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "a [sailing] boat with (a {color} sail|{color} sails) (sails|moves|glides|drifts) {motion} [on the {water}] [{backdrop}]",
        "{backdrop} a [sailing] boat with (a {color} sail|{color} sails) (sails|moves|glides|drifts) {motion}",
        "(a|the) {color} (sailboat|sailing boat) (sails|moves|glides|drifts) {motion} (on|over) the {water} [{backdrop}]",
        "{color} sailboat sailing {motion} on the {water} [{backdrop}]",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string> { ["water"] = "(sea|ocean|waves|water)" };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var time = dice.Pick(Palette.Times);
        var (top, bottom) = Palette.Gradient(time);
        return new()
        {
            Motion = dice.Chance(0.5) ? Motion.Left : Motion.Right, Backdrop = time,
            Color = Palette.Pick(dice, [.. Palette.Vivid, NamedColor.White], top.Mix(bottom, 0.45), top.Mix(bottom, 0.8)),
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var time = a.Backdrop!.Value;
        var way = a.Motion == Motion.Right ? 1 : -1;
        var (phase, color, size) = (dice.Between(0, 6), Palette.Of(a.Color!.Value), dice.Between(0.92, 1.1));
        var sea = Palette.Lit(Rgb.FromHex(0x2F7FC1), time);
        Landscape.Sky(stage, time, dice, horizon: 0.62);
        var sunX = dice.Between(0.2, 1.1);
        Landscape.SunOrMoon(stage, time, _ => (sunX, 0.2), 0.06);
        Landscape.Clouds(stage, time, dice, step: 0);
        stage.Terrain(u => new(0.6, sea.Lighter(0.25), sea, new(0.004, 18, phase - 4 * u)) { Depth = 0.25 }, Texture.Ripples, 0.1);
        double X(double u) => Stage.Width / 2 + way * 0.36 * (2 * u - 1);
        double Roll(double u) => 0.07 * Motions.Wave(u, 1.5, phase);
        Sprite Part(double u, double dx, double dy, double halfWidth, double halfHeight, Rgb paint)
        {
            var (cos, sin) = (Math.Cos(Roll(u)), Math.Sin(Roll(u)));
            var (px, py) = (dx * size * way, dy * size);
            return new(X(u) + px * cos - py * sin, 0.7 + 0.012 * Motions.Wave(u, 1.5, phase + 0.3) + px * sin + py * cos, halfWidth * size, halfHeight * size, paint) { Rotation = Roll(u) };
        }

        stage.Box(u => Part(u, 0, -0.19, 0.007, 0.2, Palette.Lit(Rgb.FromHex(0x6B4A2E), time)));
        // The outline's triangle has its corners at radius 1 and its base at 0.5, hence the offsets.
        Sprite Sail(double u) => Part(u, -0.09, -0.2, 0.1, 0.2, color);
        stage.Track("sail", Shape.Triangle, Sail);
        stage.Triangle(Sail);
        stage.Triangle(u => Part(u, 0.085, -0.16, 0.075, 0.15, color.Lighter(0.22)));
        stage.Box(u => Part(u, 0, 0.03, 0.17, 0.045, Palette.Lit(Rgb.FromHex(0x8A4F2C), time)) with { Taper = -0.28, Corner = 0.012 });
        stage.Terrain(u => new(0.745, sea.Lighter(0.06), sea.Darker(0.25), new(0.012, 8, phase - 7 * u), new(0.006, 17, phase + 5 * u)) { Depth = 0.2 }, Texture.Ripples, 0.12, 1);
        stage.Terrain(u => new(0.88, sea.Darker(0.12), sea.Darker(0.42), new(0.016, 6, phase + 6 * u), new(0.007, 13, phase - 6 * u)) { Depth = 0.14 });
    }
}

/// <summary>A fish swims under water.</summary>
internal sealed class Fish : SceneFamily
{
    public override string Name => "swimming fish";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["an orange fish swims to the left", "a yellow fish swims right in the sea", "a big pink fish swimming to the right under water"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) [{size}] {color} fish swims [{speed}] {motion} [{water}]",
        "[{size}] {color} fish swimming {motion} [{speed}] [{water}]",
        "{water} (a|the) [{size}] {color} fish (swims|glides) [{speed}] {motion}",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["water"] = "(in the (sea|ocean|water)|under water|in [deep] blue water)",
    };

    protected internal override SceneAttributes Choose(Dice dice) => new()
    {
        Motion = dice.Chance(0.5) ? Motion.Left : Motion.Right, Size = dice.Pick<SizeClass>(), Speed = dice.Pick<Speed>(),
        Color = Palette.Pick(dice, [.. Palette.Vivid, NamedColor.White], Rgb.FromHex(0x2A8CC4), Rgb.FromHex(0x0F4C8A)),
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var way = a.Motion == Motion.Right ? 1 : -1;
        var (long_, phase, color) = (a.Size == SizeClass.Small ? 0.11 : 0.18, dice.Between(0, 6), Palette.Of(a.Color!.Value));
        var (reach, y) = ((a.Speed == Speed.Slow ? 0.24 : 0.42) - 0.3 * (long_ - 0.11), dice.Between(0.34, 0.52));
        stage.Gradient(_ => (Rgb.FromHex(0x4FB6DE), Rgb.FromHex(0x0F4C8A)), 0.95);
        stage.Overlay(Texture.Glitter, _ => new(Rgb.FromHex(0xD8F4FF), 0.35) { Top = -1, Bottom = 0.14, Fade = 0.14 }, stepX: 1);
        stage.Terrain(_ => new(0.84, Rgb.FromHex(0xC9B98A), Rgb.FromHex(0x9C8A5C), new(0.02, 4, phase), new(0.008, 9, phase)) { Depth = 0.16 }, Texture.Grain, 0.08);
        for (var i = 0; i < 4; i++)
        {
            var (x, tall, lag) = ((i + 0.5) * Stage.Width / 4 + dice.Between(-0.1, 0.1), dice.Between(0.08, 0.15), dice.Next());
            stage.Disc(u => new(x + 0.012 * Motions.Wave(u, 1, lag), 0.87 - tall, 0.02, tall, Rgb.FromHex(0x2E8B57)) { Rotation = 0.12 * Motions.Wave(u, 1, lag) });
        }

        for (var i = 0; i < 3; i++)
        {
            var (x, from, size) = (dice.Between(0.1, 1.2), dice.Between(0.5, 1.1), dice.Between(0.009, 0.016));
            stage.Disc(u => new(x + 0.01 * Motions.Wave(u, 2, x), from - 0.45 * u, size, size, Rgb.FromHex(0xDDF5FF)) { Opacity = 0.55, Thickness = 0.5, Shade = 0 });
        }

        Sprite Body(double u) => new(Stage.Width / 2 + way * reach * (2 * u - 1), y + 0.02 * Motions.Wave(u, 1, phase), long_, long_ * 0.58, color) { Shade = 0.25 };
        double Flap(double u) => 0.3 * Motions.Wave(u, a.Speed == Speed.Slow ? 3 : 5, phase);
        stage.Triangle(u => new(Body(u).X - way * long_ * 1.22, Body(u).Y, long_ * 0.5 * (1 - 0.5 * Math.Abs(Flap(u))), long_ * 0.55, color.Darker(0.14)) { Rotation = way * Math.PI / 2 + Flap(u) });
        stage.Triangle(u => new(Body(u).X - way * long_ * 0.1, Body(u).Y - long_ * 0.56, long_ * 0.34, long_ * 0.3, color.Darker(0.14)) { Rotation = -way * 0.35 });
        stage.Track("fish", null, Body);
        stage.Disc(Body);
        stage.Disc(u => new(Body(u).X - way * long_ * 0.05, Body(u).Y + long_ * 0.12, long_ * 0.22, long_ * 0.13, color.Darker(0.18)) { Rotation = way * (0.5 + Flap(u)) });
        stage.Disc(u => new(Body(u).X + way * long_ * 0.52, Body(u).Y - long_ * 0.14, long_ * 0.14, long_ * 0.14, new(1, 1, 1)) { Shade = 0 });
        stage.Disc(u => new(Body(u).X + way * long_ * 0.56, Body(u).Y - long_ * 0.14, long_ * 0.075, long_ * 0.075, Rgb.FromHex(0x101018)) { Shade = 0 });
    }
}

/// <summary>A car drives along a road.</summary>
internal sealed class Car : SceneFamily
{
    public override string Name => "driving car";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a red car drives to the right", "a blue car drives left on a road at night", "a yellow car drives quickly to the right at sunset"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) {color} car (drives|rolls|goes|moves) [{speed}] {motion} [{road}] [{backdrop}]",
        "{backdrop} (a|the) {color} car (drives|rolls|goes|moves) [{speed}] {motion}",
        "{color} car driving {motion} [{speed}] [{road}] [{backdrop}]",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string> { ["road"] = "(on|along) (a|the) (road|street)" };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var time = dice.Pick(Palette.Times);
        return new()
        {
            Motion = dice.Chance(0.5) ? Motion.Left : Motion.Right, Speed = dice.Pick<Speed>(), Backdrop = time,
            Color = Palette.Pick(dice, [.. Palette.Vivid, NamedColor.White], Palette.Lit(Rgb.FromHex(0x74B567), time), Palette.Lit(Rgb.FromHex(0x5A5E68), time)),
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var time = a.Backdrop!.Value;
        var way = a.Motion == Motion.Right ? 1 : -1;
        var (phase, color, reach) = (dice.Between(0, 6), Palette.Of(a.Color!.Value), a.Speed == Speed.Slow ? 0.22 : 0.42);
        var (hills, gray) = (Landscape.Colors(Land.Hills, time), Palette.Lit(Rgb.FromHex(0x5A5E68), time));
        Landscape.Sky(stage, time, dice, horizon: 0.65);
        var sunX = dice.Between(0.2, 1.1);
        Landscape.SunOrMoon(stage, time, _ => (sunX, 0.2), 0.06);
        Landscape.Clouds(stage, time, dice, step: 0);
        stage.Terrain(_ => new(0.52, hills[0].Lighter(0.05), hills[0].Darker(0.1), new(0.05, 3.3, phase), new(0.02, 7.1, phase)) { Depth = 0.3 });
        stage.Terrain(_ => new(0.62, hills[1], hills[1].Darker(0.15), new(0.025, 4.1, phase + 2)) { Depth = 0.2 }, Texture.Grass, 0.1);
        stage.Terrain(_ => new(0.72, gray.Lighter(0.06), gray.Darker(0.08)) { Depth = 0.28 }, Texture.Grain, 0.03);
        for (var i = 0; i < 4; i++)
        {
            var x = (i + 0.5) * Stage.Width / 4;
            stage.Box(_ => new(x, 0.9, 0.09, 0.009, Palette.Lit(Rgb.FromHex(0xF2EFE0), time)) { Shade = 0 });
        }

        double X(double u) => Stage.Width / 2 + way * reach * (2 * u - 1);
        double Bob(double u) => 0.003 * Motions.Wave(u, 6);
        Sprite Body(double u) => new(X(u), 0.69 + Bob(u), 0.23, 0.062, color) { Corner = 0.035 };
        stage.Shadow(u => new(X(u), 0.79, 0.25, 0.03, default) { Opacity = 0.4 });
        stage.Box(u => new(X(u) - way * 0.02, 0.6 + Bob(u), 0.125, 0.065, color) { Corner = 0.025, Taper = 0.22 });
        foreach (var side in (int[])[-1, 1])
        {
            stage.Box(u => new(X(u) - way * 0.02 + side * 0.056, 0.605 + Bob(u), 0.046, 0.04, Rgb.FromHex(0xBFE0F2).Darker(time == Backdrop.Night ? 0.45 : 0.1)) { Corner = 0.012, Shade = 0.1 });
        }

        stage.Track("car", null, Body);
        stage.Box(Body);
        stage.Disc(u => new(X(u) + way * 0.215, 0.68 + Bob(u), 0.016, 0.02, Rgb.FromHex(0xFFF3B0)) { Shade = 0 });
        foreach (var side in (int[])[-1, 1])
        {
            stage.Disc(u => new(X(u) + side * 0.13, 0.75, 0.055, 0.055, Rgb.FromHex(0x1B1C21)));
            stage.Disc(u => new(X(u) + side * 0.13, 0.75, 0.026, 0.026, Rgb.FromHex(0xB9BEC8)));
        }
    }
}
