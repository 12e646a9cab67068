using System.Runtime.InteropServices;

namespace XVideo.Cuda;

/// <summary>Where NVIDIA's run-time compiler is; the CUDA kernels are compiled with it on first use.</summary>
/// <param name="Path">The library; <see langword="null"/> when none was found.</param>
/// <param name="Version">As the library reports it, for example 12.4.</param>
/// <param name="Tried">Every name that was tried, in order.</param>
public sealed unsafe record NvrtcProbe(string? Path, Version? Version, IReadOnlyList<string> Tried)
{
    // What the kernels need (CUBIN for compute 9.0 with all its instructions) came with 12.0.
    private const int OldestMajor = 12;
    private static readonly string[] Names = ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"];

    /// <summary>Looks on the loader's path, in the usual places of a CUDA toolkit, and in <paramref name="folders"/> first.</summary>
    /// <param name="folders">For example the library folder of libtorch, which often brings its own.</param>
    /// <param name="driver">CUDA version of the driver that shall load what is compiled: a compiler of a newer major version is passed over. <see langword="null"/> takes any.</param>
    public static NvrtcProbe Run(IEnumerable<string> folders, Version? driver = null)
    {
        var tried = new List<string>();
        string[] toolkits = Directory.Exists("/usr/local") ? [.. Directory.GetDirectories("/usr/local", "cuda*").Order(StringComparer.Ordinal).Select(folder => folder + "/lib64")] : [];
        foreach (var folder in folders.Concat(toolkits).Where(Directory.Exists).Append(""))
        {
            foreach (var name in Names)
            {
                var path = System.IO.Path.Combine(folder, name);
                tried.Add(path);
                if (!NativeLibrary.TryLoad(path, out var library)) continue;
                int major = 0, minor = 0;
                if (!NativeLibrary.TryGetExport(library, "nvrtcVersion", out var export) || ((delegate* unmanaged<int*, int*, int>)export)(&major, &minor) != 0) continue;
                if (major < OldestMajor || major > (driver?.Major ?? int.MaxValue)) continue;
                return new(path, new Version(major, minor), tried);
            }
        }
        return new(null, null, tried);
    }
}
