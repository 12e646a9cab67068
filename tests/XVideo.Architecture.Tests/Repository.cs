using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace XVideo.Architecture.Tests;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj", "artifacts", ".git"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>Full path of a file or folder given from the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Files under a folder of the root, without what builds leave.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Root, path).Split('/').Any(Built.Contains));

    /// <summary>Paths from the root of the files that git tracks; null in a copy without git.</summary>
    public static IReadOnlyList<string>? TrackedFiles()
    {
        if (!Path.Exists(PathOf(".git"))) return null;
        // A checkout may belong to another user than the one who tests it.
        var start = new ProcessStartInfo("git", ["-c", $"safe.directory={Root}", "-C", Root, "ls-files", "-z"]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
