using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Recognises the kind of scene by words that only its prompts have.</summary>
internal static class FamilyWords
{
    private static readonly HashSet<string> Shapes =
        ["ball", "circle", "disc", "square", "box", "triangle", "star", "hexagon", "heart", "ring", "diamond"];

    private static readonly HashSet<string> ManyShapes =
        ["balls", "circles", "discs", "squares", "boxes", "triangles", "stars", "hexagons", "hearts", "rings", "diamonds"];

    public static SceneFamily? Of(string[] words)
    {
        bool Has(params string[] any) => any.Any(words.Contains);
        var shapes = words.Count(Shapes.Contains);
        Type? family =
            Has("stoplight") || (Has("traffic") && Has("light")) ? typeof(TrafficLight) :
            Has("balloon", "balloons") ? typeof(Balloons) :
            Has("clock") ? typeof(Clock) :
            Has("planet", "planets") ? typeof(Planets) :
            Has("flower", "flowers") ? typeof(Flowers) :
            Has("camera", "pan") ? typeof(CameraPan) :
            Has("boat", "sailboat") ? typeof(SailingBoat) :
            Has("fish") ? typeof(Fish) :
            Has("car") ? typeof(Car) :
            Has("sun", "sunrise", "sunset") && Has("sea", "ocean", "water") ? typeof(SunOverSea) :
            shapes > 0 && Has("bounces", "bouncing", "hops", "hopping", "jumps", "jumping") ? typeof(BouncingBall) :
            shapes > 1 ? typeof(TwoShapes) :
            Has("snow", "rain") && Has("falls", "falling", "comes") ? typeof(Precipitation) :
            words.Any(ManyShapes.Contains) ? typeof(CountedShapes) :
            shapes == 0 ? null :
            Has("rotates", "turns", "spins", "rotating", "turning", "spinning", "clockwise", "counterclockwise", "anticlockwise") ? typeof(RotatingShape) :
            Has("grows", "expands", "becomes", "gets", "shrinks", "pulses", "pulsates") ? typeof(ResizingShape) :
            Has("float", "floats", "floating", "hover", "hovers", "hovering", "bob", "bobs", "one") ? typeof(CountedShapes) :
            typeof(MovingShape);
        return family is null ? null : SceneFamily.All.Single(known => known.GetType() == family);
    }
}
