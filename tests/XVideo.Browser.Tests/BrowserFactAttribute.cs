namespace XVideo.Browser.Tests;

/// <summary>A test in a real browser, skipped where there is none, or no ffmpeg to make its videos.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] Known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public BrowserFactAttribute()
    {
        if (Chromium is null) Skip = "no Chromium was found: apt-get install chromium, or set XVIDEO_TEST_CHROMIUM to its path";
        else if (Ffmpeg is null) Skip = "ffmpeg makes the videos of these tests and is not on the path: apt-get install ffmpeg";
    }

    /// <summary>Playwright's own browsers are not downloaded: it drives the one of the system.</summary>
    public static string? Chromium { get; } =
        Environment.GetEnvironmentVariable("XVIDEO_TEST_CHROMIUM") is { Length: > 0 } named ? named : Known.FirstOrDefault(File.Exists);

    public static string? Ffmpeg { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "ffmpeg")).FirstOrDefault(File.Exists);
}
