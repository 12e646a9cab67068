namespace XVideo.Scenes;

/// <summary>Planets circle a sun among stars.</summary>
internal sealed class Planets : SceneFamily
{
    public override string Name => "orbiting planets";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a blue planet orbits a yellow sun", "two planets circle a red sun in space", "a purple planet orbits an orange sun counterclockwise"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "{planets} {orbit} (a|the) {color2} (sun|star) [{motion}] [(in space|among the stars)]",
        "(in space|among the stars) {planets} (orbiting|circling) (a|the) {color2} (sun|star) [{motion}]",
        "{planets} (orbiting|circling) (a|the) {color2} sun {motion} [(in space|among the stars)]",
    ];

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var sun = dice.Pick(NamedColor.Yellow, NamedColor.Orange, NamedColor.Red, NamedColor.White);
        return new()
        {
            Motion = dice.Chance(0.5) ? Motion.Clockwise : Motion.CounterClockwise, Count = dice.Integer(1, 3), SecondColor = sun,
            Color = Palette.Pick(dice, [.. Palette.Vivid, NamedColor.White], Palette.Of(sun), Palette.Gradient(Backdrop.Night).Top),
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (x, y, tilt) = (Stage.Width / 2, 0.5, dice.Between(0.66, 0.74));
        var sun = Palette.Of(a.SecondColor!.Value);
        var turn = (a.Motion == Motion.Clockwise ? 1 : -1) * 2 * Math.PI;
        stage.Gradient(_ => (Rgb.FromHex(0x05060F), Rgb.FromHex(0x141433)));
        Landscape.Stars(stage, dice, 2);
        Landscape.Glow(stage, _ => (x, y), 0.22, sun, 0.55);
        stage.Disc(u => new(x, y, 0.1, 0.1, sun.Lighter(0.1 + 0.05 * Motions.Wave(u, 2))) { Shade = 0.05 });
        for (var i = 0; i < a.Count!.Value; i++)
        {
            var (orbit, size) = (a.Count == 1 ? dice.Between(0.34, 0.46) : 0.25 + 0.15 * i, a.Count == 1 ? 0.07 : 0.045 + 0.008 * i);
            var (phase, speed) = (dice.Between(0, 2 * Math.PI), turn * (a.Count == 1 ? 0.9 : 1.15 - 0.3 * i));
            var color = Palette.Of(a.Color!.Value);
            stage.Disc(_ => new(x, y, orbit + 0.003, (orbit + 0.003) * tilt, Rgb.FromHex(0x9AA3D0)) { Thickness = 0.008 / orbit, Opacity = 0.35, Shade = 0 });
            Sprite Planet(double u) => new(
                x + orbit * Math.Cos(phase + speed * u), y + orbit * tilt * Math.Sin(phase + speed * u), size, size, color) { Shade = 0.3 };
            stage.Track("planet", Shape.Ball, Planet);
            stage.Disc(Planet);
            stage.Highlight(Planet, 0.35);
        }
    }

    protected internal override IReadOnlyDictionary<string, string> Slots(SceneAttributes a) => new Dictionary<string, string>
    {
        ["planets"] = a.Count == 1 ? "([one] {color} planet|a {color} planet)" : "{count} {color} planets",
        ["orbit"] = a.Count == 1 ? "(orbits|circles|moves around)" : "(orbit|circle|move around)",
    };
}

/// <summary>The sun rises from or sinks into the sea.</summary>
internal sealed class SunOverSea : SceneFamily
{
    public override string Name => "sun over the sea";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["the sun rises over the sea, the sky is pink", "sunset over a calm ocean with an orange sky", "a red sunset over the sea, the sun on the left"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(the|a) [{size}] sun {goes} (over|at|behind) the (sea|ocean|water) [{place}] [with a {color} sky]",
        "{event} over (the|a) [calm] (sea|ocean) with a {color} sky [the sun is {place}]",
        "(a|the) {color} {event} over the (sea|ocean|water) [with the sun {place}]",
        "the sun {place} {goes} over the (sea|ocean) and the sky is {color}",
    ];

    protected internal override SceneAttributes Choose(Dice dice) => new()
    {
        Motion = dice.Chance(0.5) ? Motion.Up : Motion.Down, Placement = dice.Pick<Placement>(), Size = dice.Pick<SizeClass>(),
        Color = dice.Pick(NamedColor.Orange, NamedColor.Pink, NamedColor.Purple, NamedColor.Red, NamedColor.Yellow),
    };

    protected internal override IReadOnlyDictionary<string, string> Slots(SceneAttributes a) => new Dictionary<string, string>
    {
        ["goes"] = a.Motion == Motion.Up ? "(rises|comes up|is rising)" : "(sets|goes down|sinks|is setting)",
        ["event"] = a.Motion == Motion.Up ? "sunrise" : "sunset",
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var tint = Palette.Of(a.Color!.Value);
        var (high, low) = (dice.Between(0.2, 0.27), dice.Between(0.7, 0.74));
        var radius = a.Size == SizeClass.Small ? 0.075 : 0.12;
        var x = Stage.Width / 2 + (a.Placement switch { Placement.Left => -0.36, Placement.Right => 0.36, _ => 0 }) + dice.Between(-0.03, 0.03);
        double Up(double u) => Motions.Smooth(a.Motion == Motion.Up ? u : 1 - u);
        (double X, double Y) Sun(double u) => (x, Motions.Lerp(low, high, Up(u)));
        var sun = Rgb.FromHex(0xFFF0B8);
        var phase = dice.Between(0, 6);
        stage.Gradient(u => (Rgb.FromHex(0x2A2250).Mix(tint, 0.30 + 0.3 * Up(u)), tint.Lighter(0.12 + 0.25 * Up(u))), 0.62);
        Landscape.Glow(stage, Sun, 0.42, sun, 0.5);
        Sprite Disc(double u) => new(x, Sun(u).Y, radius, radius, sun) { Shade = 0.04 };
        stage.Track("sun", Shape.Ball, Disc);
        stage.Disc(Disc);
        stage.Overlay(Texture.Clouds, u => new(tint.Lighter(0.55), 0.35 + 0.2 * Up(u)) { Bottom = 0.55 }, variant: dice.Integer(0, 3));
        stage.Terrain(
            u => new(0.62, Rgb.FromHex(0x2B3F78).Mix(tint, 0.35 + 0.2 * Up(u)), Rgb.FromHex(0x0E1C48).Mix(tint, 0.12), new(0.003, 22, phase + 6 * u)) { Depth = 0.36 },
            Texture.Ripples, 0.16, dice.Integer(0, 3));
        stage.Overlay(Texture.Glitter, u => new(sun, 0.65 + 0.1 * Motions.Wave(u, 2)) { Top = 0.6, X = x, HalfWidth = 0.2, Fade = 0.12 }, stepX: 1, variant: 0);
        stage.Overlay(Texture.Glitter, u => new(sun, 0.5) { Top = 0.6, X = x, HalfWidth = 0.16, Fade = 0.12 }, stepX: -1, variant: 1);
        stage.Terrain(
            u => new(0.9, Rgb.FromHex(0x1D2F66).Mix(tint, 0.22 * Up(u) + 0.08), Rgb.FromHex(0x0B1638), new(0.012, 7, phase + 5 * u), new(0.006, 15, phase - 7 * u)) { Depth = 0.12 });
    }
}

/// <summary>Snow or rain falls over a landscape.</summary>
internal sealed class Precipitation : SceneFamily
{
    public override string Name => "falling snow and rain";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["snow falls over hills at night", "rain falls on green hills by day", "snow is falling over mountains at sunset"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "[(heavy|soft)] {weather} (falls|is falling|comes down) (over|on) {land} {backdrop}",
        "{backdrop} {weather} (falls|is falling|comes down) (over|on) [the] {land}",
        "falling {weather} over {land} {backdrop} [with a house {place}]",
        "(a|the) house {place} in the {land} while {weather} (falls|comes down) {backdrop}",
    ];

    protected internal override SceneAttributes Choose(Dice dice) => new()
    {
        Motion = Motion.Fall, Weather = dice.Pick<Weather>(), Land = dice.Pick(Land.Hills, Land.Mountains), Backdrop = dice.Pick(Palette.Times), Placement = dice.Pick<Placement>(),
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (time, land, snowy) = (a.Backdrop!.Value, a.Land!.Value, a.Weather == Weather.Snow);
        var (phase, grey) = (dice.Between(0, 6), snowy ? 0.12 : 0.32);
        var (top, bottom) = Palette.Gradient(time);
        var cloudy = Palette.Lit(Rgb.FromHex(0x8E99A8), time);
        stage.Gradient(_ => (top.Mix(cloudy, grey), bottom.Mix(cloudy, grey)), 0.7);
        if (time == Backdrop.Night && snowy)
        {
            Landscape.Stars(stage, dice, 0.6);
        }

        var colors = Landscape.Colors(land, time);
        var white = Palette.Lit(Rgb.FromHex(0xEEF3FA), time == Backdrop.Night ? Backdrop.Night : Backdrop.Day).Lighter(time == Backdrop.Night ? 0.2 : 0);
        double[] heights = [0.56, 0.68, 0.82];
        for (var i = 0; i < 3; i++)
        {
            var (first, second) = Landscape.Crest(i == 2 ? Land.Hills : land, 1.2 - 0.3 * i, phase + 2.1 * i, 0);
            var color = snowy ? colors[i].Mix(white, 0.35 + 0.25 * i) : colors[i].Darker(0.1);
            var y = heights[i];
            if (i == 2)
            {
                House(stage, time, a.Placement!.Value, snowy, white);
            }

            stage.Terrain(_ => new(y, color.Lighter(0.08), color.Darker(0.18), first, second) { Depth = 0.3 }, Texture.Grain, 0.03 * i);
        }

        if (snowy)
        {
            stage.Overlay(Texture.Flakes, _ => new(new(1, 1, 1), 0.55), stepX: dice.Integer(-1, 0), stepY: 1, variant: 0);
            stage.Overlay(Texture.Flakes, _ => new(new(1, 1, 1), 0.8), stepX: dice.Integer(0, 1), stepY: 2, variant: 1);
            stage.Overlay(Texture.Flakes, _ => new(new(1, 1, 1), 0.95), stepX: 0, stepY: 3, variant: 2);
        }
        else
        {
            stage.Overlay(Texture.Rain, _ => new(Rgb.FromHex(0xD8E6F5), 0.6), stepY: 6, variant: 0);
            stage.Overlay(Texture.Rain, _ => new(Rgb.FromHex(0xE4EEF9), 0.8), stepY: 8, variant: 1);
        }
    }

    private static void House(Stage stage, Backdrop time, Placement placement, bool snowy, Rgb white)
    {
        var x = Stage.Width / 2 + (placement switch { Placement.Left => -0.36, Placement.Right => 0.36, _ => 0 });
        var wall = Palette.Lit(Rgb.FromHex(0xB5624A), time);
        var window = time == Backdrop.Day ? Rgb.FromHex(0x4A5870) : Rgb.FromHex(0xFFD777);
        stage.Box(_ => new(x, 0.74, 0.1, 0.1, wall));
        stage.Triangle(_ => new(x, 0.63, 0.155, 0.12, snowy ? white : Palette.Lit(Rgb.FromHex(0x6E4438), time)));
        stage.Box(_ => new(x, 0.725, 0.026, 0.03, window) { Shade = 0 });
    }
}

/// <summary>Flowers grow out of a meadow.</summary>
internal sealed class Flowers : SceneFamily
{
    public override string Name => "growing flowers";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a red flower grows on a meadow", "three purple flowers grow in the grass", "two yellow flowers bloom on a meadow at sunset"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "{flowers} {in} [{backdrop}]",
        "{backdrop} {flowers} {in}",
        "{flowers} [{backdrop}]",
    ];

    protected internal override SceneAttributes Choose(Dice dice) => new()
    {
        Motion = Motion.Grow, Count = dice.Integer(1, 3), Backdrop = dice.Pick(Backdrop.Day, Backdrop.Sunset),
        Color = dice.Pick(NamedColor.Red, NamedColor.Blue, NamedColor.Yellow, NamedColor.Orange, NamedColor.Purple, NamedColor.Pink, NamedColor.White),
    };

    protected internal override IReadOnlyDictionary<string, string> Slots(SceneAttributes a) => new Dictionary<string, string>
    {
        ["flowers"] = a.Count == 1 ? "(a|one) {color} flower (grows|blooms|opens|is growing)" : "{count} {color} flowers (grow|bloom|open|are growing)",
        ["in"] = "(on|in) (a meadow|the meadow|the grass|a [green] field)",
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (time, count) = (a.Backdrop!.Value, a.Count!.Value);
        var (phase, color) = (dice.Between(0, 6), Palette.Of(a.Color!.Value));
        Landscape.Sky(stage, time, dice, horizon: 0.7);
        Landscape.Clouds(stage, time, dice, step: 0);
        stage.Terrain(_ => new(0.66, Palette.Lit(Rgb.FromHex(0x9ACB7E), time), Palette.Lit(Rgb.FromHex(0x6FB35A), time), new(0.03, 3.4, phase)) { Depth = 0.2 });
        for (var i = 0; i < count; i++)
        {
            var x = Stage.Width * (i + 1) / (count + 1) + dice.Between(-0.03, 0.03);
            var (tall, late, petals) = (dice.Between(0.42, 0.5) - (count > 1 ? 0.06 * (i % 2) : 0), dice.Between(0, 0.12), dice.Integer(6, 8));
            var size = count == 1 ? 0.19 : 0.14;
            double Grown(double u) => Motions.Smooth(Math.Clamp((u - late) / 0.62, 0, 1));
            double Open(double u) => 0.16 + 0.84 * Motions.Smooth(Math.Clamp((u - late - 0.22) / 0.6, 0, 1));
            double Sway(double u) => 0.018 * Motions.Wave(u, 1, phase) * Grown(u);
            var green = Palette.Lit(Rgb.FromHex(0x3F8F3C), time);
            stage.Box(u => new(x, 0.88 - tall * Grown(u) / 2, 0.012, 0.01 + tall * Grown(u) / 2, green));
            foreach (var side in (int[])[-1, 1])
            {
                stage.Disc(u => new(x + side * 0.055 * Grown(u), 0.8 - 0.06 * Grown(u), 0.065 * Grown(u), 0.024 * Grown(u), green.Lighter(0.1)) { Rotation = -side * 0.55 });
            }

            Sprite Head(double u) => new(x + Sway(u), 0.88 - tall * Grown(u), size * Open(u), size * Open(u), color) { Rotation = 0.3 * Sway(u) / 0.018 };
            stage.Track("flower", null, Head);
            stage.Petals(petals, Head);
            var heart = a.Color == NamedColor.Yellow ? Rgb.FromHex(0x8A5A22) : Rgb.FromHex(0xF8C83A);
            stage.Disc(u => Head(u) with { A = 0.34 * Head(u).A, B = 0.34 * Head(u).B, Color = heart });
        }

        stage.Terrain(_ => new(0.86, Palette.Lit(Rgb.FromHex(0x5FA64E), time), Palette.Lit(Rgb.FromHex(0x3E8A3A), time), new(0.012, 6, phase)) { Depth = 0.16 }, Texture.Grass, 0.14);
    }
}

/// <summary>The camera pans over a landscape.</summary>
internal sealed class CameraPan : SceneFamily
{
    public override string Name => "camera pan";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["the camera pans right over green hills on a sunny day", "camera moves left over sand dunes at sunset", "a pan to the right over mountains at night"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(the|a) camera (pans|moves|glides|flies) {motion} over [the] {land} {backdrop}",
        "{backdrop} the camera (pans|moves|glides|flies) {motion} over [the] {land}",
        "camera (panning|moving|gliding) {motion} over {land} {backdrop} [with {sun} {place}]",
        "[slow] pan {motion} over {land} {backdrop} [with {sun} {place}]",
    ];

    protected internal override SceneAttributes Choose(Dice dice) => new()
    {
        Motion = dice.Chance(0.5) ? Motion.Left : Motion.Right, Land = dice.Pick<Land>(), Backdrop = dice.Pick(Palette.Times), Placement = dice.Pick<Placement>(),
    };

    protected internal override IReadOnlyDictionary<string, string> Slots(SceneAttributes a) => new Dictionary<string, string>
    {
        ["sun"] = a.Backdrop == Backdrop.Night ? "the moon" : "the sun",
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (time, land) = (a.Backdrop!.Value, a.Land!.Value);
        var way = a.Motion == Motion.Right ? 1 : -1;
        var phase = dice.Between(0, 6);
        var x = Stage.Width / 2 + (a.Placement switch { Placement.Left => -0.38, Placement.Right => 0.38, _ => 0 });
        Landscape.Sky(stage, time, dice, horizon: 0.7);
        Landscape.SunOrMoon(stage, time, _ => (x, time == Backdrop.Sunset ? 0.4 : 0.24), 0.07);
        Landscape.Clouds(stage, time, dice, step: -way);
        var colors = Landscape.Colors(land, time);
        for (var i = 0; i < 3; i++)
        {
            var (y, pace, start, rough, color) = (0.55 + 0.14 * i, way * (0.3 + 0.35 * i), phase + 2.3 * i, 1.25 - 0.25 * i, colors[i]);
            stage.Terrain(u =>
            {
                var (first, second) = Landscape.Crest(land, rough, start, pace * u);
                return new(y, color.Lighter(0.1), color.Darker(0.2), first, second) { Depth = 0.28 };
            });
            if (i > 0)
            {
                Plants(stage, land, Palette.Lit(Rgb.FromHex(land == Land.Dunes ? 0x4E8A4A : 0x2F6B3C), time).Darker(0.05), dice, 0.7 + 0.5 * (i - 1), y, u => (pace * u, Landscape.Crest(land, rough, start, pace * u)));
            }
        }
    }

    /// <summary>Trees or cacti that stand on a terrain and move with it; they make the pan visible on smooth land.</summary>
    private static void Plants(
        Stage stage, Land land, Rgb color, Dice dice, double size, double y, Func<double, (double Shift, (Wave First, Wave Second) Crest)> pan)
    {
        const int Plants = 4;
        for (var i = 0; i < Plants; i++)
        {
            var home = (i + dice.Between(0.2, 0.8)) / Plants * 2.6 - 0.63;
            var tall = size * dice.Between(0.085, 0.11);
            Sprite Part(double u, double dx, double up, double halfWidth, double halfHeight, Rgb paint)
            {
                var (shift, (first, second)) = pan(u);
                var x = home - shift;
                return new(x + dx * tall, y + Height(first, x) + Height(second, x) + tall * (0.15 - up), halfWidth * tall, halfHeight * tall, paint);
            }

            if (land == Land.Dunes)
            {
                stage.Box(u => Part(u, 0, 0.75, 0.17, 0.9, color) with { Corner = 0.16 * tall });
                stage.Box(u => Part(u, 0.36, 0.8, 0.1, 0.32, color) with { Corner = 0.09 * tall });
                stage.Box(u => Part(u, 0.24, 0.58, 0.2, 0.1, color) with { Corner = 0.09 * tall });
            }
            else
            {
                stage.Box(u => Part(u, 0, 0.2, 0.12, 0.35, color.Mix(Rgb.FromHex(0x4A3426), 0.7)));
                stage.Triangle(u => Part(u, 0, 0.85, 0.62, 0.8, color));
            }
        }
    }

    private static double Height(Wave wave, double x) => wave.Amplitude * Math.Sin(wave.Frequency * x + wave.Phase);
}
