using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>What a prompt asks for; only what it says.</summary>
/// <param name="Asked">Lower-case words: "red", "downleft", "3", "darkblue".</param>
public sealed record Expectation(SceneFamily Family, IReadOnlyDictionary<Aspect, string> Asked)
{
    /// <summary>The ground truth of a scene, restricted to what its caption says.</summary>
    public static Expectation Of(Scene scene)
    {
        var a = scene.Attributes;
        var asked = new Dictionary<Aspect, string>();
        void Ask<T>(Aspect aspect, T? value, params string[] slots) where T : struct
        {
            if (value is { } present && (slots.Length == 0 || slots.Any(scene.Mentioned.Contains)))
            {
                asked[aspect] = present.ToString()!.ToLowerInvariant();
            }
        }

        Ask(Aspect.Color, a.Color, "color");
        Ask(Aspect.SecondColor, a.SecondColor, "color2");
        Ask(Aspect.Shape, a.Shape, "shape", "shapes", "ball");
        Ask(Aspect.SecondShape, a.SecondShape, "shape2");
        Ask(Aspect.Background, a.Backdrop, "backdrop");
        Ask(Aspect.Relation, a.Relation, "relation", "inverse");
        Ask(Aspect.Placement, a.Placement, "place");
        Ask(Aspect.Size, a.Size, "size");
        Ask(Aspect.Speed, a.Speed, "speed");
        Ask(Aspect.Land, a.Land, "land");
        Ask(Aspect.Weather, a.Weather, "weather");
        // "a balloon" says one without a number, and a count is part of every other caption of these families.
        Ask(Aspect.Count, a.Count);
        if (SaysMotion(scene))
        {
            Ask<Motion>(Aspect.Motion, a.Motion);
        }

        return new(scene.Family, asked);
    }

    /// <summary>Reads the words of a prompt.</summary>
    /// <returns>Null when no family is recognised. Words that mean nothing here are skipped.</returns>
    public static Expectation? Read(string prompt) => PromptReader.Read(prompt);

    /// <summary>Families without a motion slot say their motion in every caption ("bounces", "rises"); planets and counted shapes need not.</summary>
    private static bool SaysMotion(Scene scene) => scene.Family switch
    {
        CountedShapes => scene.Mentioned.Contains("float") || scene.Caption.Contains("floating"),
        BouncingBall or TrafficLight or Balloons or SunOverSea or Precipitation or Flowers => true,
        _ => scene.Mentioned.Contains("motion"),
    };
}
