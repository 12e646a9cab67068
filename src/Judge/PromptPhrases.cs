using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>What phrases mean in the prompts of a family. The longest phrase wins, so "dark blue background" is not a blue thing.</summary>
internal static class PromptPhrases
{
    public const string RightOf = "rightof", Below = "below";
    private static readonly Lazy<Dictionary<SceneFamily, Dictionary<string, (Aspect, string)[]>>> ByFamily =
        new(() => SceneFamily.All.ToDictionary(family => family, Build));

    /// <summary>Phrases of up to six words, separated by one blank, with what they ask for.</summary>
    public static IReadOnlyDictionary<string, (Aspect Aspect, string Value)[]> Of(SceneFamily family) => ByFamily.Value[family];

    private static Dictionary<string, (Aspect, string)[]> Build(SceneFamily family)
    {
        var phrases = new Dictionary<string, (Aspect, string)[]>();
        void Add(Aspect aspect, string value, params string[] texts)
        {
            foreach (var text in texts)
            {
                phrases[text] = [(aspect, value)];
            }
        }

        void Mute(params string[] texts)
        {
            foreach (var text in texts)
            {
                phrases[text] = [];
            }
        }

        foreach (var color in Enum.GetValues<NamedColor>())
        {
            Add(Aspect.Color, Notes.Word(color), Notes.Word(color));
        }

        if (family is MovingShape or TwoShapes or CountedShapes or RotatingShape or ResizingShape or BouncingBall)
        {
            AddShapes(Add);
        }

        if (family is MovingShape or TwoShapes or CountedShapes or RotatingShape or ResizingShape or Clock)
        {
            AddPlainBackdrops(Add);
        }

        if (family is TrafficLight or Balloons or Precipitation or Flowers or CameraPan or SailingBoat or Car)
        {
            AddTimes(Add);
        }

        if (family is MovingShape or RotatingShape or Clock or Fish or Car)
        {
            Add(Aspect.Speed, "slow", "slowly", "gently");
            Add(Aspect.Speed, "fast", "quickly", "fast", "rapidly");
        }

        if (family is MovingShape or CountedShapes or RotatingShape or BouncingBall or SunOverSea or Fish)
        {
            Add(Aspect.Size, "small", "small", "little", "tiny");
            Add(Aspect.Size, "large", "large", "big");
        }

        if (family is TrafficLight or SunOverSea or Precipitation or CameraPan)
        {
            Add(Aspect.Placement, "left", "on the left");
            Add(Aspect.Placement, "right", "on the right");
            Add(Aspect.Placement, "middle", "in the middle", "in the center");
        }

        AddMotions(family, Add);
        AddOwn(family, Add, Mute);
        return phrases;
    }

    private delegate void Adder(Aspect aspect, string value, params string[] texts);

    private static void AddShapes(Adder add)
    {
        add(Aspect.Shape, "ball", "ball", "circle", "disc", "balls", "circles", "discs");
        add(Aspect.Shape, "square", "square", "box", "squares", "boxes");
        foreach (var shape in (Shape[])[Shape.Triangle, Shape.Star, Shape.Hexagon, Shape.Heart, Shape.Ring, Shape.Diamond])
        {
            add(Aspect.Shape, Notes.Word(shape), Notes.Word(shape), Notes.Word(shape) + "s");
        }
    }

    private static void AddPlainBackdrops(Adder add)
    {
        foreach (var place in (string[])["background", "backdrop", "wall"])
        {
            foreach (var backdrop in Palette.Plain)
            {
                string[] names = backdrop switch
                {
                    Backdrop.LightBlue => ["light blue", "pale blue"],
                    Backdrop.DarkBlue => ["dark blue"],
                    Backdrop.Gray => ["gray", "grey"],
                    _ => [Notes.Word(backdrop)],
                };
                add(Aspect.Background, Notes.Word(backdrop), [.. names.Select(name => $"{name} {place}"), .. names.Select(name => $"over a {name} {place}")]);
            }
        }
    }

    private static void AddTimes(Adder add)
    {
        add(Aspect.Background, "day", "sunny day", "bright day", "by day", "blue sky");
        add(Aspect.Background, "sunset", "sunset", "dusk", "evening", "orange sky");
        add(Aspect.Background, "night", "night", "dark sky", "starry sky");
    }

    private static void AddMotions(SceneFamily family, Adder add)
    {
        if (family is MovingShape or CameraPan or SailingBoat or Fish or Car)
        {
            add(Aspect.Motion, "left", "left", "leftwards", "from right to left");
            add(Aspect.Motion, "right", "right", "rightwards", "from left to right");
        }

        if (family is MovingShape)
        {
            add(Aspect.Motion, "up", "up", "upwards", "top");
            add(Aspect.Motion, "down", "down", "downwards", "bottom");
            foreach (var (vertical, corner) in (IEnumerable<(string, string)>)[("up", "upper"), ("down", "lower")])
            {
                foreach (var side in (string[])["left", "right"])
                {
                    add(Aspect.Motion, vertical + side,
                        $"{vertical} and {side}", $"{vertical} and to the {side}", $"diagonally {vertical} {side}", $"diagonally {vertical} to the {side}",
                        $"{vertical} to the {side}", $"{vertical} {side}", $"{corner} {side}");
                }
            }
        }

        if (family is RotatingShape or Clock or Planets)
        {
            add(Aspect.Motion, "clockwise", "clockwise");
            add(Aspect.Motion, "counterclockwise", "counterclockwise", "anticlockwise");
        }
    }

    private static void AddOwn(SceneFamily family, Adder add, Action<string[]> mute)
    {
        switch (family)
        {
            case TwoShapes:
                add(Aspect.Motion, "together", "towards each other", "closer together", "together");
                add(Aspect.Motion, "apart", "apart", "away from each other");
                add(Aspect.Relation, "leftof", "to the left of", "on the left of", "left of");
                add(Aspect.Relation, RightOf, "to the right of", "right of");
                add(Aspect.Relation, "above", "above", "over");
                add(Aspect.Relation, Below, "below", "under");
                break;
            case CountedShapes:
                AddCounts(add, "one", "two", "three", "four");
                add(Aspect.Motion, "float", "float", "floats", "floating", "hover", "hovers", "hovering", "bob", "bobs");
                break;
            case ResizingShape:
                add(Aspect.Motion, "grow", "grows", "expands", "bigger", "larger");
                add(Aspect.Motion, "shrink", "shrinks", "smaller");
                add(Aspect.Motion, "pulse", "pulses", "pulsates", "grows and shrinks");
                break;
            case BouncingBall:
                add(Aspect.Motion, "bounce", "bounces", "bouncing", "hops", "hopping", "jumps", "jumping");
                add(Aspect.Background, "grass", "grass", "green grass", "lawn", "green lawn", "meadow", "green meadow");
                add(Aspect.Background, "sand", "sand", "yellow sand", "beach", "sandy beach");
                add(Aspect.Background, "snow", "snow", "white snow", "snowy ground");
                add(Aspect.Background, "wood", "wood floor", "wooden floor", "brown wooden floor", "wooden planks");
                break;
            case TrafficLight:
                add(Aspect.Motion, "changecolor", "changes", "switches", "turns", "goes", "becomes");
                break;
            case Balloons:
                AddCounts(add, "one", "two", "three", "four", "balloon");
                add(Aspect.Motion, "up", "rise", "rises", "rising", "up");
                break;
            case Planets:
                AddCounts(add, "one", "two", "three", "four", "planet");
                break;
            case Flowers:
                AddCounts(add, "one", "two", "three", "four", "flower");
                add(Aspect.Motion, "grow", "grow", "grows", "bloom", "blooms", "open", "opens", "growing");
                mute(["green field"]);
                break;
            case SunOverSea:
                add(Aspect.Motion, "up", "rises", "comes up", "rising", "sunrise");
                add(Aspect.Motion, "down", "sets", "goes down", "sinks", "setting", "sunset");
                break;
            case Precipitation:
                add(Aspect.Motion, "fall", "falls", "falling", "comes down");
                add(Aspect.Weather, "snow", "snow");
                add(Aspect.Weather, "rain", "rain");
                AddLands(add);
                break;
            case CameraPan:
                AddLands(add);
                break;
            case Fish:
                mute(["blue water"]);
                break;
        }
    }

    private static void AddCounts(Adder add, string one, string two, string three, string four, string? single = null)
    {
        add(Aspect.Count, "1", single is null ? [one] : [one, single]);
        add(Aspect.Count, "2", two);
        add(Aspect.Count, "3", three);
        add(Aspect.Count, "4", four);
    }

    private static void AddLands(Adder add)
    {
        add(Aspect.Land, "hills", "hills", "green hills");
        add(Aspect.Land, "mountains", "mountains", "blue mountains");
        add(Aspect.Land, "dunes", "dunes", "sand dunes");
    }
}
