using System.Runtime.CompilerServices;

namespace XVideo.Pipeline.Tests.Parity;

/// <summary>Where the reference values of the repository are.</summary>
internal static class GoldenData
{
    /// <summary>tests/Goldens.</summary>
    public static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Goldens"));

    /// <summary>A folder in it.</summary>
    public static string Folder(string name) => Path.Combine(Root, name);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
