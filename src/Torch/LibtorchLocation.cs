using System.Text.RegularExpressions;

namespace XVideo.Torch;

/// <summary>One libtorch on this machine: where its libraries and headers are, and how it was found.</summary>
/// <param name="LibraryFolder">The folder that holds <c>libtorch_cpu.so</c>.</param>
/// <param name="IncludeFolder">The folder that holds <c>ATen/ATen.h</c>.</param>
/// <param name="Version">From its <c>torch/version.h</c>, for example <c>2.11.0</c>.</param>
/// <param name="FoundBy">What led to it: <c>XVIDEO_LIBTORCH</c>, <c>python</c> or <c>system</c>.</param>
public sealed partial record LibtorchLocation(string LibraryFolder, string IncludeFolder, string Version, string FoundBy)
{
    /// <summary>Names the folder of a libtorch or of a Python <c>torch</c> package; searched before everything else.</summary>
    public const string EnvironmentVariable = "XVIDEO_LIBTORCH";

    /// <summary>Whether this libtorch was built with CUDA (a GPU may still be absent).</summary>
    public bool HasCuda => File.Exists(Path.Combine(LibraryFolder, "libtorch_cuda.so"));

    /// <summary>
    /// Finds the libtorch to use: <c>XVIDEO_LIBTORCH</c>, then the <c>torch</c> package of the <c>python3</c> on the path, then the system's.
    /// </summary>
    /// <param name="tried">Every folder that was looked at, in order, with what was missing there.</param>
    /// <returns>The first usable one, or null. A set but unusable <c>XVIDEO_LIBTORCH</c> ends the search: it is never silently ignored.</returns>
    public static LibtorchLocation? Find(out IReadOnlyList<string> tried)
    {
        var trace = new List<string>();
        tried = trace;
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } named) return Probe(named, EnvironmentVariable, trace);
        foreach (var package in PythonPackages())
            if (Probe(package, "python", trace) is { } found) return found;
        if (trace.Count == 0) trace.Add("python: no torch package beside a python3 on the path");
        foreach (var root in (string[])["/usr", "/usr/local", "/opt/libtorch"])
            if (Probe(root, "system", trace) is { } found) return found;
        return null;
    }

    private static LibtorchLocation? Probe(string root, string foundBy, List<string> trace)
    {
        string[] libraryFolders = [Path.Combine(root, "lib"), Path.Combine(root, "lib", "x86_64-linux-gnu"), Path.Combine(root, "lib", "aarch64-linux-gnu")];
        var library = libraryFolders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch_cpu.so")));
        var include = Path.Combine(root, "include");
        if (library is null || !File.Exists(Path.Combine(include, "ATen", "ATen.h")))
        {
            trace.Add($"{foundBy}: {root}: no {(library is null ? "lib/libtorch_cpu.so" : "include/ATen/ATen.h")}");
            return null;
        }
        var version = ReadVersion(include);
        trace.Add($"{foundBy}: {root}: libtorch {version}");
        return new LibtorchLocation(library, include, version, foundBy);
    }

    // Walks beside the interpreter instead of starting it: importing torch takes seconds.
    private static IEnumerable<string> PythonPackages()
    {
        var prefixes = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => File.Exists(Path.Combine(folder, "python3")))
            .Select(folder => Path.GetDirectoryName(folder.TrimEnd('/')));
        foreach (var prefix in prefixes.Prepend(Environment.GetEnvironmentVariable("VIRTUAL_ENV")).OfType<string>().Distinct())
        {
            var lib = Path.Combine(prefix, "lib");
            if (!Directory.Exists(lib)) continue;
            foreach (var python in Directory.GetDirectories(lib, "python3*"))
                foreach (var packages in (string[])["site-packages", "dist-packages"])
                    if (Path.Combine(python, packages, "torch") is var torch && Directory.Exists(torch)) yield return torch;
        }
    }

    private static string ReadVersion(string include)
    {
        foreach (var header in (string[])["torch/csrc/api/include/torch/version.h", "torch/version.h", "torch/headeronly/version.h"])
        {
            var path = Path.Combine(include, header);
            if (!File.Exists(path)) continue;
            var parts = VersionPart().Matches(File.ReadAllText(path)).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
            if (parts.TryGetValue("MAJOR", out var major))
                return $"{major}.{parts.GetValueOrDefault("MINOR", "0")}.{parts.GetValueOrDefault("PATCH", "0")}";
        }
        return "unknown";
    }

    [GeneratedRegex(@"#define\s+TORCH_VERSION_(MAJOR|MINOR|PATCH)\s+(\d+)")]
    private static partial Regex VersionPart();
}
