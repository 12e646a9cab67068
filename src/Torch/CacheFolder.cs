namespace XVideo.Torch;

/// <summary>Where compiled code is kept between runs.</summary>
public static class CacheFolder
{
    /// <summary><c>XVIDEO_CACHE</c>, else <c>$XDG_CACHE_HOME/xvideo</c>, else <c>~/.cache/xvideo</c>. It need not exist yet.</summary>
    public static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable("XVIDEO_CACHE") is { Length: > 0 } named) return named;
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg) return System.IO.Path.Combine(xdg, "xvideo");
            return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "xvideo");
        }
    }
}
