namespace XVideo.Video;

/// <summary>Encoder settings with defaults that suit generated clips.</summary>
public sealed record VideoEncoderOptions
{
    /// <summary>The ffmpeg program or its folder; default <see langword="null"/>: search PATH. Not used for PNG frames.</summary>
    public string? FfmpegPath { get; init; }

    /// <summary>H.264 constant rate factor, 0 (lossless) to 51 (worst); default 18, visually lossless.</summary>
    public int Crf { get; init; } = 18;

    /// <summary>x264 speed preset, <c>ultrafast</c> to <c>veryslow</c>; default <c>medium</c>.</summary>
    public string Preset { get; init; } = "medium";

    /// <summary>WebP quality, 0 to 100; default 90.</summary>
    public int WebPQuality { get; init; } = 90;

    private static readonly string[] Presets =
        ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];

    internal void Validate()
    {
        if (Crf is < 0 or > 51)
        {
            throw new ArgumentException($"H.264 rate factor (crf) {Crf} is out of range: allowed are 0 (lossless) to 51; 18 is the default.");
        }

        if (!Presets.Contains(Preset))
        {
            throw new ArgumentException($"x264 preset \"{Preset}\" is not known. Allowed: {string.Join(", ", Presets)}.");
        }

        if (WebPQuality is < 0 or > 100)
        {
            throw new ArgumentException($"WebP quality {WebPQuality} is out of range: allowed are 0 to 100; 90 is the default.");
        }
    }
}
