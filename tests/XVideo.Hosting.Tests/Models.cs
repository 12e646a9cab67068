using System.Runtime.CompilerServices;

namespace XVideo.Hosting.Tests;

/// <summary>Where things are in the repository.</summary>
internal static class Models
{
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>Random weights, a few hundred kilobytes: a video of it takes a fraction of a second.</summary>
    public static string Tiny { get; } = Path.Combine(Repository, "tests", "Goldens", "wan");

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
