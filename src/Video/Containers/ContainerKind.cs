namespace XVideo.Video.Containers;

/// <summary>What a file is, told by its first bytes rather than its name.</summary>
internal enum ContainerKind
{
    Mp4,
    Gif,
    WebP,
    Png,
    FrameFolder,
    Other,
}
