using System.Diagnostics;

namespace XVideo.Browser.Tests;

/// <summary>Small clips: 256×192, 41 frames, 16 frames/s, H.264.</summary>
internal static class TestVideos
{
    private const string Moving = "testsrc2=size=256x192:rate=16";

    /// <summary>Something that changes from frame to frame.</summary>
    public static void Full(string path) => Make(path, Moving, "null");

    /// <summary>The same, a little off everywhere.</summary>
    public static void Noisy(string path) => Make(path, Moving, "noise=alls=30:allf=t:all_seed=7");

    /// <summary>A single colour, by its ffmpeg name.</summary>
    public static void Plain(string path, string colour) => Make(path, $"color=c={colour}:size=256x192:rate=16", "null");

    private static void Make(string path, string source, string filter)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] arguments = ["-v", "error", "-y", "-f", "lavfi", "-i", source, "-vf", filter, "-frames:v", "41", "-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p", "-movflags", "+faststart", path];
        using var ffmpeg = Process.Start(new ProcessStartInfo(BrowserFactAttribute.Ffmpeg!, arguments) { RedirectStandardError = true })!;
        var error = ffmpeg.StandardError.ReadToEnd();
        ffmpeg.WaitForExit();
        Assert.True(ffmpeg.ExitCode == 0, $"ffmpeg could not make {path}: {error}");
    }
}
