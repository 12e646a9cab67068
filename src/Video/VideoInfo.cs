namespace XVideo.Video;

/// <summary>Facts about a video, as <see cref="VideoProbe"/> finds them.</summary>
public sealed record VideoInfo
{
    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Number of stored frames. An animated WebP stores a run of identical frames once.</summary>
    public required int FrameCount { get; init; }

    /// <summary>
    /// Average frames per second; <see langword="null"/> where the file has none: a folder of PNG frames, a still WebP, a GIF of one frame.
    /// </summary>
    public double? FrameRate { get; init; }

    /// <summary>Playing time; <see langword="null"/> where the file has none, as above.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>ffmpeg's codec name: <c>h264</c>, <c>gif</c>, <c>webp</c>, <c>png</c>, …</summary>
    public required string Codec { get; init; }

    /// <summary>ffmpeg's pixel format name: <c>yuv420p</c>, <c>rgb24</c>, …</summary>
    public required string PixelFormat { get; init; }

    /// <summary>The RGB/YUV matrix the file declares, for example <c>bt709</c>; <see langword="null"/> when it declares none.</summary>
    public string? ColorMatrix { get; init; }

    /// <summary><c>tv</c> (16 to 235) or <c>pc</c> (0 to 255); <see langword="null"/> when the file declares none.</summary>
    public string? ColorRange { get; init; }
}
