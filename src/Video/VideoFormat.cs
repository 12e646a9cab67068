namespace XVideo.Video;

/// <summary>What a <see cref="VideoWriter"/> produces.</summary>
public enum VideoFormat
{
    /// <summary>H.264 (yuv420p, BT.709) in an mp4 file whose index comes first, so that it plays while downloading.</summary>
    Mp4,

    /// <summary>Endlessly looping GIF with one 256-colour palette computed over all frames.</summary>
    Gif,

    /// <summary>Endlessly looping animated WebP. Consecutive identical frames are stored once with the summed duration.</summary>
    WebP,

    /// <summary>A folder of lossless frames <c>frame_00000.png</c>, <c>frame_00001.png</c>, … and, with metadata, <c>metadata.json</c>.</summary>
    Png,
}
