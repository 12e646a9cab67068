using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Says what the pixels of a clip show, and whether that is what was asked for.</summary>
/// <remarks>Reading knows the kind of scene, never the expected values; an aspect that cannot be read clearly counts as wrong.</remarks>
public static class PixelJudge
{
    /// <summary>Reads all aspects that the judge knows of in this kind of scene.</summary>
    /// <exception cref="ArgumentException">The clip is too small or too short, or a frame has not the stated size.</exception>
    public static Reading Look(Clip clip, SceneFamily family)
    {
        var notes = new Notes();
        var film = Film.Of(clip);
        if (!film.IsNoise())
        {
            ReaderOf(family).Read(film, notes);
        }

        return notes.Reading;
    }

    /// <summary>One verdict for each asked aspect that the judge can read in that kind of scene.</summary>
    /// <remarks>
    /// Of two shapes, the first is the left or upper one. A prompt that names them the other way round is met when the pair of
    /// things is right; the relation, if asked, then is not.
    /// </remarks>
    public static IReadOnlyList<Verdict> Compare(Reading reading, Expectation expected)
    {
        var straight = Judge(reading.Seen, expected);
        var swapped = Judge(Swapped(reading.Seen), expected);
        return swapped.Count(IsRightThing) > straight.Count(IsRightThing) ? swapped : straight;

        static bool IsRightThing(Verdict verdict) =>
            verdict is { IsRight: true, Aspect: Aspect.Color or Aspect.SecondColor or Aspect.Shape or Aspect.SecondShape };
    }

    public static bool CanRead(SceneFamily family, Aspect aspect) => ReaderOf(family).Readable.Contains(aspect);

    private static Verdict[] Judge(IReadOnlyDictionary<Aspect, string> seen, Expectation expected) =>
        [.. expected.Asked.Where(asked => CanRead(expected.Family, asked.Key)).OrderBy(asked => asked.Key)
            .Select(asked => new Verdict(asked.Key, asked.Value, seen.GetValueOrDefault(asked.Key)))];

    /// <summary>The same pair of things with the second named first; only a pair that stands in a relation can be swapped.</summary>
    private static IReadOnlyDictionary<Aspect, string> Swapped(IReadOnlyDictionary<Aspect, string> seen)
    {
        if (!seen.TryGetValue(Aspect.Relation, out var relation))
        {
            return seen;
        }

        return seen.ToDictionary(
            pair => pair.Key switch
            {
                Aspect.Color => Aspect.SecondColor,
                Aspect.SecondColor => Aspect.Color,
                Aspect.Shape => Aspect.SecondShape,
                Aspect.SecondShape => Aspect.Shape,
                var other => other,
            },
            pair => pair.Key != Aspect.Relation ? pair.Value : relation == Notes.Word(Relation.LeftOf) ? "rightof" : "below");
    }

    private static FamilyReader ReaderOf(SceneFamily family) => family switch
    {
        MovingShape => MovingShapeReader.Instance,
        TwoShapes => TwoShapesReader.Instance,
        CountedShapes => CountedShapesReader.Instance,
        RotatingShape => RotatingShapeReader.Instance,
        ResizingShape => ResizingShapeReader.Instance,
        BouncingBall => BouncingBallReader.Instance,
        TrafficLight => TrafficLightReader.Instance,
        Balloons => BalloonsReader.Instance,
        Clock => ClockReader.Instance,
        Planets => PlanetsReader.Instance,
        SunOverSea => SunOverSeaReader.Instance,
        Precipitation => PrecipitationReader.Instance,
        Flowers => FlowersReader.Instance,
        CameraPan => CameraPanReader.Instance,
        SailingBoat => TravelReader.Boat,
        Fish => TravelReader.Fish,
        Car => TravelReader.Car,
        _ => throw new ArgumentException($"The judge has no reader for the family '{family.Name}'; add one to {nameof(PixelJudge)}."),
    };
}
