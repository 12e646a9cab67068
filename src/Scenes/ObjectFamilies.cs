namespace XVideo.Scenes;

/// <summary>A ball bounces on a ground, with squash and shadow.</summary>
internal sealed class BouncingBall : SceneFamily
{
    private static readonly Backdrop[] Grounds = [Backdrop.Grass, Backdrop.Sand, Backdrop.Snow, Backdrop.Wood];

    public override string Name => "bouncing ball";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a red ball bounces on green grass", "a small purple ball bounces on a wooden floor", "a large orange ball is bouncing on snow"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) [{size}] {color} {ball} {bounces} on {backdrop}",
        "[{size}] {color} {ball} (bouncing|hopping|jumping) on {backdrop}",
        "on {backdrop} (a|the) [{size}] {color} {ball} {bounces}",
        "(a|the) [{size}] {color} {ball} {bounces} [up and down] [on {backdrop}]",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["ball"] = "(ball|ball|rubber ball)",
        ["bounces"] = "(bounces|hops|jumps|is bouncing)",
    };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var ground = dice.Pick(Grounds);
        var (far, near, _, _) = Palette.Ground(ground);
        var (_, bottom) = Palette.Gradient(Backdrop.Day);
        return new()
        {
            Motion = Motion.Bounce, Shape = Shape.Ball, Size = dice.Pick<SizeClass>(), Backdrop = ground,
            Color = Palette.Pick(dice, Enum.GetValues<NamedColor>(), far.Mix(near, 0.4), bottom),
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var radius = a.Size == SizeClass.Small ? dice.Between(0.085, 0.1) : dice.Between(0.14, 0.165);
        var (far, near, texture, amount) = Palette.Ground(a.Backdrop!.Value);
        var horizon = dice.Between(0.5, 0.58);
        var floor = dice.Between(0.78, 0.86);
        var (high, bounces, phase) = (Math.Min(dice.Between(0.42, 0.52), floor - 2 * radius - 0.04), dice.Between(1.8, 2.6), dice.Next());
        var (x, drift) = (Stage.Width / 2 + dice.Between(-0.2, 0.2), dice.Between(-0.12, 0.12));
        var color = Palette.Of(a.Color!.Value);
        Sprite Ball(double u)
        {
            var height = Motions.Bounce(u, bounces, phase);
            var squash = 0.2 * Math.Max(0, 1 - height / 0.14);
            var b = radius * (1 - squash);
            return new(x + drift * (2 * u - 1), floor - b - high * height, radius * (1 + 0.6 * squash), b, color) { Shade = 0.24 };
        }

        stage.Gradient(Backdrop.Day, horizon);
        var wave = a.Backdrop == Backdrop.Wood ? default : new Wave(dice.Between(0.008, 0.02), dice.Between(2, 4), dice.Between(0, 6));
        stage.Terrain(_ => new(horizon, far, near, wave), texture, amount, dice.Integer(0, 3));
        stage.Shadow(u =>
        {
            var height = Motions.Bounce(u, bounces, phase);
            var wide = radius * (1.02 - 0.35 * height);
            return new(Ball(u).X + 0.02, floor, wide, 0.26 * wide, default) { Opacity = 0.42 - 0.24 * height };
        });
        stage.Track("ball", Shape.Ball, Ball);
        stage.Disc(Ball);
        stage.Highlight(Ball, 0.55);
    }
}

/// <summary>A traffic light goes from one lamp to another.</summary>
internal sealed class TrafficLight : SceneFamily
{
    private static readonly NamedColor[] Lamps = [NamedColor.Red, NamedColor.Yellow, NamedColor.Green];

    public override string Name => "traffic light";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a traffic light changes from red to green", "at night a traffic light switches from yellow to red", "a traffic light turns from green to yellow at sunset"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) (traffic light|stoplight) {changes} from {color} to {color2} [{backdrop}] [{place}]",
        "[{backdrop}] (a|the) (traffic light|stoplight) [{place}] {changes} from {color} to {color2}",
        "(a|the) {color} (traffic light|stoplight) [{place}] (becomes|turns) {color2} [{backdrop}]",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["changes"] = "(changes|switches|turns|goes)",
    };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var from = dice.Integer(0, 2);
        return new()
        {
            Motion = Motion.ChangeColor, Color = Lamps[from], SecondColor = Lamps[(from + dice.Integer(1, 2)) % 3],
            Backdrop = dice.Pick(Palette.Times), Placement = dice.Pick<Placement>(),
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var time = a.Backdrop!.Value;
        var x = Stage.Width / 2 + (a.Placement switch { Placement.Left => -0.36, Placement.Right => 0.36, _ => 0 }) + dice.Between(-0.03, 0.03);
        var (middle, change) = (dice.Between(0.42, 0.46), dice.Between(0.42, 0.55));
        Landscape.Sky(stage, time, dice, horizon: 0.85);
        Landscape.Skyline(stage, time, dice);
        stage.Terrain(_ => new(0.86, Palette.Lit(Rgb.FromHex(0x6B6F78), time), Palette.Lit(Rgb.FromHex(0x4A4D55), time)));
        stage.Box(_ => new(x, 0.8, 0.022, 0.24, Rgb.FromHex(0x2A2C33)) { Corner = 0.005 });
        stage.Box(_ => new(x, middle, 0.125, 0.325, Rgb.FromHex(0x23252B)) { Corner = 0.05 });
        for (var i = 0; i < Lamps.Length; i++)
        {
            var (lamp, y) = (Lamps[i], middle + (i - 1) * 0.2);
            double On(double u)
            {
                var fade = Motions.Smooth(Math.Clamp((u - change) / 0.08, 0, 1));
                return (lamp == a.Color ? 1 - fade : 0) + (lamp == a.SecondColor ? fade : 0);
            }

            var color = Palette.Of(lamp);
            Sprite Glass(double u) => new(x, y, 0.082, 0.082, color.Darker(0.78).Mix(color.Lighter(0.08), On(u))) { Shade = 0.1 };
            stage.Track($"{Words.Of(lamp)} lamp", null, Glass);
            stage.Disc(Glass);
            stage.Disc(u => new(x, y, 0.11, 0.11, color.Lighter(0.25)) { Softness = 0.12, Opacity = 0.38 * On(u), Shade = 0 });
        }
    }
}

/// <summary>One to four balloons rise.</summary>
internal sealed class Balloons : SceneFamily
{
    public override string Name => "rising balloons";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["three red balloons rise into the sky", "a yellow balloon floats up at sunset", "two pink balloons fly up on a sunny day"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "{balloons} {rise} [(into the sky|in the air)] [{backdrop}]",
        "{backdrop} {balloons} {rise}",
        "{balloons} (rising|floating up|flying up) [(into the sky|in the air)] [{backdrop}]",
    ];

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var time = dice.Pick(Palette.Times);
        var (top, bottom) = Palette.Gradient(time);
        return new()
        {
            Motion = Motion.Up, Count = dice.Integer(1, 4), Backdrop = time,
            Color = Palette.Pick(dice, [.. Palette.Vivid, NamedColor.White], top, top.Mix(bottom, 0.5)),
        };
    }

    protected internal override IReadOnlyDictionary<string, string> Slots(SceneAttributes a) => new Dictionary<string, string>
    {
        ["balloons"] = a.Count == 1 ? "(a|one) {color} balloon" : "{count} {color} balloons",
        ["rise"] = a.Count == 1 ? "(rises|floats up|flies up|goes up)" : "(rise|float up|fly up|go up)",
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (time, count) = (a.Backdrop!.Value, a.Count!.Value);
        var color = Palette.Of(a.Color!.Value);
        Landscape.Sky(stage, time, dice, horizon: 1);
        Landscape.Clouds(stage, time, dice, step: 0);
        stage.Terrain(_ => new(0.93, Palette.Lit(Rgb.FromHex(0x6FB65A), time), Palette.Lit(Rgb.FromHex(0x4E9A47), time), new(0.025, 3.1, 1.3)) { Depth = 0.12 });
        for (var i = 0; i < count; i++)
        {
            var x = Stage.Width * (i + 1) / (count + 1) + dice.Between(-0.03, 0.03);
            var (from, to) = (dice.Between(0.66, 0.76) + (i % 2) * 0.06, dice.Between(0.2, 0.3) + (i % 2) * 0.06);
            var (size, phase) = (dice.Between(0.095, 0.105), dice.Next());
            Sprite Balloon(double u) => new(
                x + 0.018 * Motions.Wave(u, 1, phase), Motions.Lerp(from, to, u), size, size * 1.2, color) { Shade = 0.22 };
            stage.Box(u => new(Balloon(u).X, Balloon(u).Y + size * 1.85, 0.0035, size * 0.7, Palette.Lit(Rgb.FromHex(0xE8E8E8), time)));
            stage.Triangle(u => new(Balloon(u).X, Balloon(u).Y + size * 1.24, size * 0.16, size * 0.16, color.Darker(0.15)));
            stage.Track("balloon", Shape.Ball, Balloon);
            stage.Disc(Balloon);
            stage.Highlight(Balloon, 0.5);
        }
    }
}

/// <summary>The hand of a clock turns.</summary>
internal sealed class Clock : SceneFamily
{
    private static readonly NamedColor[] Hands = [NamedColor.Red, NamedColor.Blue, NamedColor.Black, NamedColor.Green, NamedColor.Purple, NamedColor.Orange];

    public override string Name => "clock";

    public override IReadOnlyList<string> ExamplePrompts =>
        ["the red hand of a clock turns clockwise", "a clock with a blue hand that turns counterclockwise", "a wall clock, its black hand moves quickly clockwise"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "the {color} hand of a {clock} (turns|moves|goes|rotates) [{speed}] {motion} [{where}]",
        "a {clock} with a {color} hand (that (turns|moves|goes)|(turning|moving)) [{speed}] {motion} [{where}]",
        "a {clock} [{where}], its {color} hand (turns|moves|goes|rotates) [{speed}] {motion}",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["clock"] = "([round] (clock|wall clock))",
        ["where"] = "on a {backdrop} wall",
    };

    protected internal override SceneAttributes Choose(Dice dice) => new()
    {
        Motion = dice.Chance(0.6) ? Motion.Clockwise : Motion.CounterClockwise, Color = dice.Pick(Hands), Speed = dice.Pick<Speed>(),
        Backdrop = dice.Pick(Backdrop.Gray, Backdrop.Cream, Backdrop.LightBlue, Backdrop.DarkBlue, Backdrop.Mint, Backdrop.Lavender),
    };

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (x, y, radius) = (Stage.Width / 2 + dice.Between(-0.08, 0.08), 0.5, dice.Between(0.34, 0.38));
        var turn = (a.Motion == Motion.Clockwise ? 1 : -1) * Math.PI * (a.Speed == Speed.Slow ? 0.8 : 1.9);
        var start = dice.Between(0, 2 * Math.PI);
        var rim = dice.Pick(Rgb.FromHex(0x3A3F4B), Rgb.FromHex(0x7A5A3C), Rgb.FromHex(0xB0894A));
        stage.Gradient(a.Backdrop!.Value);
        stage.Disc(_ => new(x + 0.02, y + 0.03, radius * 1.04, radius * 1.04, new(0.05, 0.05, 0.08)) { Softness = 0.07, Opacity = 0.3, Shade = 0 });
        stage.Disc(_ => new(x, y, radius, radius, rim));
        stage.Disc(_ => new(x, y, radius * 0.9, radius * 0.9, Rgb.FromHex(0xF7F5EE)) { Shade = 0.03 });
        for (var mark = 0; mark < 6; mark++)
        {
            // One box through the middle gives two opposite marks; the face covers the rest.
            var angle = mark * Math.PI / 6;
            var width = mark % 3 == 0 ? 0.013 : 0.007;
            stage.Box(_ => new(x, y, width, radius * 0.84, Rgb.FromHex(0x3A3F4B)) { Rotation = angle, Shade = 0 });
        }

        stage.Disc(_ => new(x, y, radius * 0.7, radius * 0.7, Rgb.FromHex(0xF7F5EE)) { Shade = 0.03 });
        Sprite Hand(double u, double length, double width, double angle, Rgb color) => new(
            x + Math.Sin(angle) * length * 0.42, y - Math.Cos(angle) * length * 0.42, width, length * 0.58, color) { Rotation = angle, Corner = width, Shade = 0 };
        stage.Box(u => Hand(u, radius * 0.5, 0.016, start / 12 + turn * u / 12, Rgb.FromHex(0x8A8F99)));
        Sprite Long(double u) => Hand(u, radius * 0.78, 0.019, start + turn * u, Palette.Of(a.Color!.Value));
        stage.Track("hand", null, Long);
        stage.Box(Long);
        stage.Disc(_ => new(x, y, 0.03, 0.03, Rgb.FromHex(0x3A3F4B)));
    }
}
