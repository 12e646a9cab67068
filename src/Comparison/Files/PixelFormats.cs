using System.Text.RegularExpressions;

namespace XVideo.Comparison.Files;

/// <summary>What ffmpeg's names of pixel formats say.</summary>
internal static partial class PixelFormats
{
    /// <summary>More than eight bits a sample: <c>yuv420p10le</c>, <c>rgb48le</c>, <c>gray16be</c>, <c>p010le</c>.</summary>
    public static bool IsDeep(string format) => Deep().IsMatch(format);

    /// <summary>With transparency: <c>rgba</c>, <c>yuva420p</c>, <c>bgra</c>, <c>ya8</c>. A palette may have it too.</summary>
    public static bool HasAlpha(string format) => Alpha().IsMatch(format);

    [GeneratedRegex(@"(p|gray|ya|gbrap?)(9|10|12|14|16|f32)(le|be)?$|^(rgb|bgr)48|^(rgba|bgra)64|^p0?1[026]|^x2(rgb|bgr)10")]
    private static partial Regex Deep();

    [GeneratedRegex(@"^(rgba|bgra|argb|abgr|yuva|ya\d|gbrap|ayuv|vuya)")]
    private static partial Regex Alpha();
}
