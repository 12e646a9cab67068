namespace XVideo.Torch;

/// <summary>NVIDIA's libraries that come with libtorch, NVRTC among them.</summary>
public static class NvidiaLibraries
{
    /// <summary>Folders to look in; empty without a libtorch.</summary>
    public static IReadOnlyList<string> Folders()
    {
        if (LibtorchLocation.Find(out _) is not { } location) return [];
        // Python's torch takes them from packages beside it: site-packages/torch/lib and site-packages/nvidia/*/lib.
        var packages = Path.GetFullPath(Path.Combine(location.LibraryFolder, "..", "..", "nvidia"));
        return [location.LibraryFolder, .. Directory.Exists(packages) ? Directory.GetDirectories(packages).Select(folder => Path.Combine(folder, "lib")) : []];
    }
}
