namespace XVideo.Scenes;

/// <summary>One shape crosses a plain backdrop in one of eight directions.</summary>
internal sealed class MovingShape : SceneFamily
{
    private static readonly Motion[] Directions =
        [Motion.Left, Motion.Right, Motion.Up, Motion.Down, Motion.UpLeft, Motion.UpRight, Motion.DownLeft, Motion.DownRight];

    public override string Name => "moving shape";

    public override bool IsRich => true;

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a red star moves to the right on a white background", "a small yellow ball glides up over a dark blue background", "a purple heart drifts diagonally down to the left"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) [{size}] {color} {shape} {moves} [{speed}] {motion} [{where}]",
        "[{size}] {color} {shape} {moving} {motion} [{speed}] [{where}]",
        "{where} (a|the) [{size}] {color} {shape} [{speed}] {moves} {motion}",
        "(a|the) {color} {shape} that {moves} {motion} [{speed}]",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["moves"] = "(moves|glides|slides|drifts|travels|flies)",
        ["moving"] = "(moving|gliding|sliding|drifting|traveling|flying)",
        ["where"] = "(on|over|in front of|against) a {backdrop} (background|backdrop)",
    };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var backdrop = dice.Pick(Palette.Plain);
        var (top, bottom) = Palette.Gradient(backdrop);
        return new()
        {
            Motion = dice.Pick(Directions), Shape = dice.Pick<Shape>(), Color = Palette.Pick(dice, Enum.GetValues<NamedColor>(), top, bottom),
            Size = dice.Pick<SizeClass>(), Speed = dice.Pick<Speed>(), Backdrop = backdrop,
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var size = Sizes.Of(a.Size!.Value, dice);
        var (hx, hy) = Motions.Heading(a.Motion);
        var far = a.Speed == Speed.Fast ? 1.0 : 0.55;
        var (reachX, reachY) = (hx * far * (0.62 - size), hy * far * (0.46 - size) * (hx != 0 ? 1.3 : 1));
        var (x, y) = (Stage.Width / 2 + (hx == 0 ? dice.Between(-0.3, 0.3) : 0), 0.5 + (hy == 0 ? dice.Between(-0.22, 0.22) : 0));
        var color = Palette.Of(a.Color!.Value);
        stage.Gradient(a.Backdrop!.Value);
        stage.Shape(a.Shape!.Value, u => new(x + reachX * (2 * u - 1), y + reachY * (2 * u - 1), size, size, color));
    }
}

/// <summary>Two shapes beside or above one another move together or apart.</summary>
internal sealed class TwoShapes : SceneFamily
{
    private static readonly Motion[] Directions = [Motion.Together, Motion.Apart];
    private static readonly Shape[] Shapes = [Shape.Ball, Shape.Square, Shape.Triangle, Shape.Star, Shape.Heart];

    public override string Name => "two shapes";

    public override bool IsRich => true;

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a red ball to the left of a blue square, they move apart", "a yellow star above a green heart, moving towards each other", "a white square and a pink ball move together"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) {color} {shape} [(is|sits|stands)] {relation} (a|the) {color2} {shape2}, (they|both) (move|drift|slide) {motion}",
        "(a|the) {color2} {shape2} {inverse} (a|the) {color} {shape}, (they|both) (move|drift|slide) {motion} [on a {backdrop} backdrop]",
        "{color} {shape} {relation} {color2} {shape2}, (moving|drifting|sliding) {motion} [on a {backdrop} background]",
        "(a|the) {color} {shape} and (a|the) {color2} {shape2} (move|drift|slide) {motion}, the {color} one is {relation} the {color2} one",
        "a {color} {shape} and a {color2} {shape2} (move|drift|slide) {motion} [(on|over) a {backdrop} (background|backdrop)]",
    ];

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var backdrop = dice.Pick(Palette.Plain);
        var (top, bottom) = Palette.Gradient(backdrop);
        var color = Palette.Pick(dice, Enum.GetValues<NamedColor>(), top, bottom);
        return new()
        {
            Motion = dice.Pick(Directions), Relation = dice.Pick<Relation>(), Backdrop = backdrop,
            Shape = dice.Pick(Shapes), Color = color,
            SecondShape = dice.Pick(Shapes), SecondColor = Palette.Pick(dice, Enum.GetValues<NamedColor>(), top, bottom, Palette.Of(color)),
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var size = dice.Between(0.105, 0.13);
        var beside = a.Relation == Relation.LeftOf;
        var (near, wide) = (size * 1.35, beside ? 0.46 : 0.335);
        var (from, to) = a.Motion == Motion.Together ? (wide, near) : (near, wide);
        var (x, y) = (Stage.Width / 2 + dice.Between(-0.05, 0.05), 0.5 + (beside ? dice.Between(-0.15, 0.15) : 0));
        stage.Gradient(a.Backdrop!.Value);
        void Add(Shape shape, NamedColor color, int side) => stage.Shape(shape, u =>
        {
            var apart = side * Motions.Lerp(from, to, Motions.Smooth(u));
            return new(x + (beside ? apart : 0), y + (beside ? 0 : apart), size, size, Palette.Of(color));
        });
        Add(a.Shape!.Value, a.Color!.Value, -1);
        Add(a.SecondShape!.Value, a.SecondColor!.Value, 1);
    }
}

/// <summary>One to four equal shapes float in place.</summary>
internal sealed class CountedShapes : SceneFamily
{
    public override string Name => "counted shapes";

    public override bool IsRich => true;

    public override IReadOnlyList<string> ExamplePrompts =>
        ["three yellow stars float on a dark blue background", "two red hearts hover over a white background", "four cyan squares are floating"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "{count} {color} {shapes} {float} [{where}]",
        "{where} {count} {color} {shapes} {float}",
        "[there {are}] {count} [{size}] {color} {shapes} floating [(gently|softly)] [{where}]",
        "{group} {count} [{size}] {color} {shapes} [that {float}] [{where}]",
    ];

    protected internal override IReadOnlyDictionary<string, string> Slots(SceneAttributes a) => new Dictionary<string, string>
    {
        ["shapes"] = Words.Of(a.Shape!.Value, plural: a.Count > 1),
        ["float"] = a.Count > 1 ? "(float|hover|are floating|are hovering|bob [up and down])" : "(floats|hovers|is floating|is hovering|bobs [up and down])",
        ["are"] = a.Count > 1 ? "are" : "is",
        ["group"] = a.Count > 1 ? "[a (group|set) of]" : "",
        ["where"] = "(on|over|in front of|against) a {backdrop} (background|backdrop)",
    };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var backdrop = dice.Pick(Palette.Plain);
        var (top, bottom) = Palette.Gradient(backdrop);
        return new()
        {
            Motion = Motion.Float, Count = dice.Integer(1, 4), Shape = dice.Pick<Shape>(),
            Color = Palette.Pick(dice, Enum.GetValues<NamedColor>(), top, bottom), Size = dice.Pick<SizeClass>(), Backdrop = backdrop,
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var count = a.Count!.Value;
        var size = a.Size == SizeClass.Small ? 0.08 : 0.125;
        var color = Palette.Of(a.Color!.Value);
        stage.Gradient(a.Backdrop!.Value);
        for (var i = 0; i < count; i++)
        {
            var x = Stage.Width * (i + 1) / (count + 1) * 1.12 - 0.06 * Stage.Width + dice.Between(-0.015, 0.015);
            var y = 0.5 + (i % 2 == 0 ? -0.12 : 0.12) + dice.Between(-0.05, 0.05);
            var phase = dice.Next();
            stage.Shape(a.Shape!.Value, u => new(
                x + 0.012 * Motions.Wave(u, 1, phase + 0.25), y + 0.065 * Motions.Wave(u, 1.25, phase), size, size, color));
        }
    }
}

/// <summary>One shape turns in the middle.</summary>
internal sealed class RotatingShape : SceneFamily
{
    private static readonly Shape[] Shapes = [Shape.Square, Shape.Triangle, Shape.Star, Shape.Hexagon, Shape.Heart, Shape.Diamond];

    public override string Name => "rotating shape";

    public override bool IsRich => true;

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a green triangle rotates clockwise", "a large orange star spins counterclockwise on a black background", "a pink heart turns slowly clockwise on a cream background"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) [{size}] {color} {shape} (rotates|turns|spins) [{speed}] {motion} [{where}]",
        "[{size}] {color} {shape} (rotating|turning|spinning) {motion} [{speed}] [{where}]",
        "{where} (a|the) {color} {shape} [{speed}] (rotates|turns|spins) {motion}",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["where"] = "(on|over|in front of|against) a {backdrop} (background|backdrop)",
    };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var backdrop = dice.Pick(Palette.Plain);
        var (top, bottom) = Palette.Gradient(backdrop);
        return new()
        {
            Motion = dice.Chance(0.5) ? Motion.Clockwise : Motion.CounterClockwise, Shape = dice.Pick(Shapes),
            Color = Palette.Pick(dice, Enum.GetValues<NamedColor>(), top, bottom), Size = dice.Pick<SizeClass>(), Speed = dice.Pick<Speed>(), Backdrop = backdrop,
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var size = a.Size == SizeClass.Small ? dice.Between(0.15, 0.17) : dice.Between(0.25, 0.28);
        var (x, y) = (Stage.Width / 2 + dice.Between(-0.12, 0.12), 0.5 + dice.Between(-0.04, 0.04));
        var turn = (a.Motion == Motion.Clockwise ? 1 : -1) * Math.PI * (a.Speed == Speed.Slow ? 0.9 : 2);
        var start = dice.Between(0, 2 * Math.PI);
        var color = Palette.Of(a.Color!.Value);
        stage.Gradient(a.Backdrop!.Value);
        stage.Shape(a.Shape!.Value, u => new(x, y, size, size, color) { Rotation = start + turn * u });
    }
}

/// <summary>One shape grows, shrinks or pulses.</summary>
internal sealed class ResizingShape : SceneFamily
{
    private static readonly Motion[] Changes = [Motion.Grow, Motion.Shrink, Motion.Pulse];

    public override string Name => "resizing shape";

    public override bool IsRich => true;

    public override IReadOnlyList<string> ExamplePrompts =>
        ["a red heart pulses on a cream background", "a blue hexagon grows", "a black ring gets smaller on a white background"];

    protected internal override IReadOnlyList<string> Patterns =>
    [
        "(a|the) {color} {shape} {motion} [{where}]",
        "{where} (a|the) {color} {shape} {motion}",
        "(a|the) {color} {shape} [in the (middle|center)] that {motion} [{where}]",
    ];

    protected override IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>
    {
        ["where"] = "(on|over|in front of|against) a {backdrop} (background|backdrop)",
    };

    protected internal override SceneAttributes Choose(Dice dice)
    {
        var backdrop = dice.Pick(Palette.Plain);
        var (top, bottom) = Palette.Gradient(backdrop);
        return new()
        {
            Motion = dice.Pick(Changes), Shape = dice.Pick<Shape>(),
            Color = Palette.Pick(dice, Enum.GetValues<NamedColor>(), top, bottom), Backdrop = backdrop,
        };
    }

    protected internal override void Compose(SceneAttributes a, Dice dice, Stage stage)
    {
        var (small, large) = (dice.Between(0.07, 0.1), dice.Between(0.27, 0.31));
        var (x, y) = (Stage.Width / 2 + dice.Between(-0.1, 0.1), 0.5 + dice.Between(-0.03, 0.03));
        var phase = dice.Next();
        var color = Palette.Of(a.Color!.Value);
        stage.Gradient(a.Backdrop!.Value);
        stage.Shape(a.Shape!.Value, u =>
        {
            var size = a.Motion switch
            {
                Motion.Grow => Motions.Lerp(small, large, Motions.Smooth(u)),
                Motion.Shrink => Motions.Lerp(large, small, Motions.Smooth(u)),
                _ => 0.205 + 0.065 * Motions.Wave(u, 2, phase),
            };
            return new(x, y, size, size, color);
        });
    }
}

/// <summary>What small and large mean for a moving shape.</summary>
internal static class Sizes
{
    public static double Of(SizeClass size, Dice dice) => size == SizeClass.Small ? dice.Between(0.075, 0.095) : dice.Between(0.15, 0.18);
}
