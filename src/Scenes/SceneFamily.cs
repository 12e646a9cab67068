namespace XVideo.Scenes;

/// <summary>A kind of scene: which attributes it has, how they are worded, and how they are drawn.</summary>
public abstract class SceneFamily
{
    public static IReadOnlyList<SceneFamily> All { get; } =
    [
        new MovingShape(), new TwoShapes(), new CountedShapes(), new RotatingShape(), new ResizingShape(),
        new BouncingBall(), new TrafficLight(), new Balloons(), new Clock(),
        new Planets(), new SunOverSea(), new Precipitation(), new Flowers(), new CameraPan(),
        new SailingBoat(), new Fish(), new Car(),
    ];

    public abstract string Name { get; }

    public abstract IReadOnlyList<string> ExamplePrompts { get; }

    /// <summary>
    /// Whether there are hundreds of combinations even without size, speed and plain backdrop. Then one in sixteen of those is held out; otherwise one in
    /// six of all, so that held-out scenes of every family differ from one another.
    /// </summary>
    public virtual bool IsRich => false;

    /// <summary>Caption patterns; see <see cref="CaptionBuilder"/>.</summary>
    protected internal abstract IReadOnlyList<string> Patterns { get; }

    /// <summary>Caption slots that depend on the scene.</summary>
    protected internal virtual IReadOnlyDictionary<string, string> Slots(SceneAttributes attributes) => Synonyms;

    /// <summary>Caption slots that do not.</summary>
    protected virtual IReadOnlyDictionary<string, string> Synonyms { get; } = new Dictionary<string, string>();

    protected internal abstract SceneAttributes Choose(Dice dice);

    protected internal abstract void Compose(SceneAttributes attributes, Dice dice, Stage stage);
}
