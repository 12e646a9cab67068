namespace XVideo.Service.Files;

/// <summary>The files that a finished video may have.</summary>
internal static class Variants
{
    public const string Video = "video";
    public const string Thumbnail = "thumbnail";
    public const string SpriteSheet = "spritesheet";

    public static IReadOnlyList<string> All { get; } = [Video, Thumbnail, SpriteSheet];
}
