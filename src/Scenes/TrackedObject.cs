namespace XVideo.Scenes;

/// <summary>Ground truth of one named object: where it is at clip time u in [0, 1].</summary>
/// <param name="Pose">Centre in scene units (height 1, width 4/3, y down) and half sizes, exactly as drawn.</param>
public sealed record TrackedObject(string Name, Shape? Shape, Rgb Color, Func<double, Sprite> Pose);
