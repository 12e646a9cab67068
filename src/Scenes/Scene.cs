namespace XVideo.Scenes;

/// <summary>One clip: what it shows, how it is captioned, and the layers that draw it, back to front.</summary>
/// <param name="Mentioned">Names of the caption slots that were used ("color", "motion", …): only these can be judged.</param>
public sealed record Scene(
    SceneFamily Family,
    SceneAttributes Attributes,
    string Caption,
    IReadOnlySet<string> Mentioned,
    SkyLayer Sky,
    IReadOnlyList<Layer> Layers,
    IReadOnlyList<TrackedObject> Objects);
