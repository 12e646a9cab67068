using System.Globalization;

namespace XVideo.Video;

/// <summary>The ffmpeg command line of each format. Pure, so that it can be read and tested without running anything.</summary>
internal static class EncoderArguments
{
    // x264 gives other bytes for another thread count, so the count does not follow the machine.
    private const string EncoderThreads = "4";

    public static IReadOnlyList<string> Build(
        VideoFormat format, int width, int height, FrameRate rate, string outputPath, string? metadataPath, VideoEncoderOptions options) =>
    [
        "-nostdin", "-hide_banner", "-v", "error", "-xerror", "-y",
        "-f", "rawvideo", "-pixel_format", "rgb24",
        "-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"),
        "-framerate", rate.ToString(),
        "-i", "pipe:0",
        .. metadataPath is null ? ["-map_metadata", "-1"] : new[] { "-f", "ffmetadata", "-i", Ffmpeg.FileUrl(metadataPath), "-map_metadata", "1" },
        .. Codec(format, options),
        "-fflags", "+bitexact", "-flags:v", "+bitexact",
        Ffmpeg.FileUrl(outputPath),
    ];

    private static string[] Codec(VideoFormat format, VideoEncoderOptions options) => format switch
    {
        // The matrix is named in the conversion and in the file, so that players undo exactly what was done here.
        VideoFormat.Mp4 =>
        [
            "-map", "0:v",
            "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p," +
                   "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
            "-c:v", "libx264", "-preset", options.Preset, "-crf", options.Crf.ToString(CultureInfo.InvariantCulture), "-pix_fmt", "yuv420p",
            "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            "-threads", EncoderThreads, "-movflags", "+faststart", "-f", "mp4",
        ],
        VideoFormat.Gif =>
        [
            "-filter_complex", "[0:v]split[frames][all];[all]palettegen=stats_mode=full[palette];" +
                               "[frames][palette]paletteuse=dither=sierra2_4a:diff_mode=rectangle[out]",
            "-map", "[out]", "-loop", "0", "-f", "gif",
        ],
        // From RGB input libwebp converts by itself, with the matrix that the WebP format prescribes.
        VideoFormat.WebP =>
        [
            "-map", "0:v", "-c:v", "libwebp_anim", "-pix_fmt", "bgra",
            "-quality", options.WebPQuality.ToString(CultureInfo.InvariantCulture), "-loop", "0", "-f", "webp",
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Only mp4, gif and webp are encoded by ffmpeg."),
    };
}
