namespace XVideo.Service.Observe;

/// <summary>Sizes of frames in a few classes: metrics must not have as many series as there are sizes.</summary>
internal static class SizeClass
{
    /// <summary>The class by pixels of a frame: up to 426×240 with a margin for other shapes, 854×480, 1280×720, or more.</summary>
    public static string Of(int width, int height) => ((long)width * height) switch
    {
        <= 160_000 => "240p",
        <= 520_000 => "480p",
        <= 1_100_000 => "720p",
        _ => "1080p",
    };
}
