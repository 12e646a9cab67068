using System.Runtime.InteropServices;
using TorchSharp;

namespace XVideo.Torch;

/// <summary>The libtorch that the TorchSharp packages put beside this program.</summary>
/// <param name="LibraryFolder">The folder that holds <c>libtorch_cpu.so</c>.</param>
/// <param name="Version">The libtorch version that TorchSharp names, for example <c>2.10.0</c>.</param>
/// <param name="FoundBy">Always <c>TorchSharp</c>.</param>
public sealed record LibtorchLocation(string LibraryFolder, string Version, string FoundBy)
{
    private const string CoreLibrary = "libtorch_cpu.so";

    /// <summary>Whether this libtorch was built with CUDA (a GPU may still be absent).</summary>
    public bool HasCuda => File.Exists(Path.Combine(LibraryFolder, "libtorch_cuda.so"));

    /// <summary>Finds the packages' libtorch in the folders from which .NET loads native libraries.</summary>
    /// <param name="tried">Every folder that was looked at, in order, with what was missing there.</param>
    /// <returns>The first folder that holds it, or null.</returns>
    public static LibtorchLocation? Find(out IReadOnlyList<string> tried)
    {
        var trace = new List<string>();
        tried = trace;
        foreach (var folder in NativeFolders())
        {
            var found = File.Exists(Path.Combine(folder, CoreLibrary));
            trace.Add($"TorchSharp: {folder}: {(found ? $"libtorch {torch.__version__}" : $"no {CoreLibrary}")}");
            if (found) return new LibtorchLocation(folder, torch.__version__, "TorchSharp");
        }
        return null;
    }

    private static IEnumerable<string> NativeFolders()
    {
        var host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return host.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .Select(folder => Path.TrimEndingDirectorySeparator(folder))
            .Distinct();
    }
}
