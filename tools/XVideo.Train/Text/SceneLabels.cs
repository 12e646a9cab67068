using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Train.Text;

/// <summary>The attributes of scenes as class numbers.</summary>
internal static class SceneLabels
{
    /// <summary>Stands for an attribute that the scene does not have.</summary>
    public const long None = -1;

    private static readonly List<SceneFamily> Families = [.. SceneFamily.All];

    private static readonly (string Name, int Classes, Func<Scene, int?> Of)[] All =
    [
        ("family", Families.Count, scene => Families.IndexOf(scene.Family)),
        Attribute<Motion>("motion", a => a.Motion),
        Attribute<Shape>("shape", a => a.Shape),
        Attribute<NamedColor>("color", a => a.Color),
        Attribute<Shape>("second shape", a => a.SecondShape),
        Attribute<NamedColor>("second color", a => a.SecondColor),
        Attribute<Relation>("relation", a => a.Relation),
        ("count", 6, scene => scene.Attributes.Count),
        Attribute<SizeClass>("size", a => a.Size),
        Attribute<Speed>("speed", a => a.Speed),
        Attribute<Backdrop>("backdrop", a => a.Backdrop),
        Attribute<Land>("land", a => a.Land),
        Attribute<Weather>("weather", a => a.Weather),
        Attribute<Placement>("placement", a => a.Placement),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(attribute => attribute.Name)];

    /// <summary>The most classes of any attribute.</summary>
    public static int MostClasses { get; } = All.Max(attribute => attribute.Classes);

    /// <summary>[scenes, attributes] int64: classes, or <see cref="None"/>.</summary>
    public static Tensor Of(IReadOnlyList<Scene> scenes, Device device) =>
        tensor([.. scenes.SelectMany(scene => All.Select(attribute => attribute.Of(scene) ?? None))], device: device).view(scenes.Count, All.Length);

    private static (string, int, Func<Scene, int?>) Attribute<T>(string name, Func<SceneAttributes, T?> of) where T : struct, Enum =>
        (name, Enum.GetValues<T>().Length, scene => of(scene.Attributes) is { } value ? Convert.ToInt32(value) : null);
}
