namespace XVideo.Scenes;

/// <summary>The words of each attribute value, as caption patterns.</summary>
internal static class Words
{
    /// <summary>One slot per attribute that the scene has.</summary>
    public static Dictionary<string, string> Slots(SceneAttributes a)
    {
        var slots = new Dictionary<string, string> { ["motion"] = Of(a.Motion) };
        void Add<T>(string name, T? value, Func<T, string> words) where T : struct
        {
            if (value is { } present)
            {
                slots[name] = words(present);
            }
        }

        Add("shape", a.Shape, shape => Of(shape, plural: false));
        Add("color", a.Color, Of);
        Add("shape2", a.SecondShape, shape => Of(shape, plural: false));
        Add("color2", a.SecondColor, Of);
        Add("relation", a.Relation, relation => relation == Relation.LeftOf ? "((to|on) the left of|left of)" : "(above|over)");
        Add("inverse", a.Relation, relation => relation == Relation.LeftOf ? "(to the right of|right of)" : "(below|under)");
        Add("count", a.Count, count => count switch { 1 => "one", 2 => "two", 3 => "three", 4 => "four", _ => "five" });
        Add("size", a.Size, size => size == SizeClass.Small ? "(small|little|tiny)" : "(large|big)");
        Add("speed", a.Speed, speed => speed == Speed.Slow ? "(slowly|gently)" : "(quickly|fast|rapidly)");
        Add("backdrop", a.Backdrop, Of);
        Add("land", a.Land, land => land switch { Land.Hills => "(hills|green hills)", Land.Mountains => "(mountains|blue mountains)", _ => "(dunes|sand dunes)" });
        Add("weather", a.Weather, weather => weather == Weather.Snow ? "snow" : "rain");
        Add("place", a.Placement, place => place switch
        {
            Placement.Left => "on the left [side]",
            Placement.Right => "on the right [side]",
            _ => "in the (middle|center)",
        });
        return slots;
    }

    public static string Of(NamedColor color) => color.ToString().ToLowerInvariant();

    public static string Of(Shape shape, bool plural) => (shape, plural) switch
    {
        (Shape.Ball, false) => "(ball|circle|disc)",
        (Shape.Ball, true) => "(balls|circles|discs)",
        (Shape.Square, false) => "(square|box)",
        (Shape.Square, true) => "(squares|boxes)",
        (_, false) => shape.ToString().ToLowerInvariant(),
        (_, true) => shape.ToString().ToLowerInvariant() + "s",
    };

    private static string Of(Motion motion) => motion switch
    {
        Motion.Left => "([to the] left|leftwards|from right to left)",
        Motion.Right => "([to the] right|rightwards|from left to right)",
        Motion.Up => "(up|upwards|to the top)",
        Motion.Down => "(down|downwards|to the bottom)",
        Motion.UpLeft => "(up and [to the] left|diagonally up [to the] left|to the upper left)",
        Motion.UpRight => "(up and [to the] right|diagonally up [to the] right|to the upper right)",
        Motion.DownLeft => "(down and [to the] left|diagonally down [to the] left|to the lower left)",
        Motion.DownRight => "(down and [to the] right|diagonally down [to the] right|to the lower right)",
        Motion.Clockwise => "clockwise",
        Motion.CounterClockwise => "(counterclockwise|anticlockwise)",
        Motion.Grow => "(grows|expands|becomes (bigger|larger)|gets (bigger|larger))",
        Motion.Shrink => "(shrinks|becomes smaller|gets smaller)",
        Motion.Pulse => "(pulses|pulsates|grows and shrinks)",
        Motion.Together => "(towards each other|closer together|together)",
        Motion.Apart => "(apart|away from each other)",
        Motion.Bounce => "bounces",
        Motion.Float => "float",
        Motion.Fall => "falls",
        Motion.ChangeColor => "changes",
        _ => "stands still",
    };

    private static string Of(Backdrop backdrop) => backdrop switch
    {
        Backdrop.LightBlue => "(light|pale) blue",
        Backdrop.DarkBlue => "dark blue",
        Backdrop.Gray => "(gray|grey)",
        Backdrop.Grass => "([green] grass|a [green] (lawn|meadow))",
        Backdrop.Sand => "([yellow] sand|a [sandy] beach)",
        Backdrop.Snow => "([white] snow|snowy ground)",
        Backdrop.Wood => "(a (wood|wooden|brown wooden) floor|wooden planks)",
        Backdrop.Day => "((on|during) a (sunny|bright) day|by day|under a blue sky)",
        Backdrop.Sunset => "(at (sunset|dusk)|in the evening [light]|under an orange sky)",
        Backdrop.Night => "(at night|in the night|under a (dark|starry) sky)",
        _ => backdrop.ToString().ToLowerInvariant(),
    };
}
