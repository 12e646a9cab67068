using System.Text.RegularExpressions;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Nvrtc;

/// <summary>Compiled kernels on disk. Any number of processes may use one folder at a time.</summary>
public sealed partial class KernelCacheFolder
{
    private const int LongestStem = 120;

    /// <param name="cacheFolder">The program's cache folder; the kernels go to <c>kernels</c> in it. Need not exist.</param>
    public KernelCacheFolder(string cacheFolder) => Path = System.IO.Path.Combine(cacheFolder, "kernels");

    /// <summary>Where the files are.</summary>
    public string Path { get; }

    /// <summary>What is there, by name. Empty when the folder does not exist.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public IReadOnlyList<KernelCacheEntry> Entries() =>
        [.. OwnFiles().Where(file => file.Extension == ".cubin").OrderBy(file => file.Name, StringComparer.Ordinal).Select(Describe).OfType<KernelCacheEntry>()];

    /// <summary>Deletes the compiled kernels and what interrupted compilations left. Other files, and the folder, stay.</summary>
    /// <returns>How many kernels were deleted, and the bytes of all deleted files.</returns>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public (int Kernels, long Bytes) Clear()
    {
        var (kernels, bytes) = (0, 0L);
        foreach (var file in OwnFiles())
        {
            var size = file.Length;
            file.Delete();
            bytes += size;
            if (file.Extension == ".cubin") kernels++;
        }
        return (kernels, bytes);
    }

    /// <summary>File of a kernel: a readable name, and enough of the key to tell all apart.</summary>
    internal string FileOf(string displayName, string key)
    {
        var stem = UnsafeCharacters().Replace(displayName.TrimEnd(']'), "-");
        return System.IO.Path.Combine(Path, $"{(stem.Length > LongestStem ? stem[..LongestStem] : stem)}-{key[..16]}.cubin");
    }

    /// <summary>The stored image of a kernel.</summary>
    /// <param name="path">From <see cref="FileOf"/>.</param>
    /// <param name="key">All of the key.</param>
    /// <param name="problem">Why a file that is there cannot be used; <see langword="null"/> when there is none, or it is good.</param>
    internal static KernelImage? Read(string path, string key, out string? problem)
    {
        problem = null;
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        // A parent that is a file, a folder in the file's place, no permission: as good as not there, and publishing will say so.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        var image = KernelFile.Read(content, out problem);
        if (image is null || image.Key == key) return image;
        problem = $"it was made from other sources or by another compiler (key {image.Key[..16]}… in it, {key[..16]}… wanted)";
        return null;
    }

    /// <summary>Stores an image whole or not at all. When another process was first, its image stays.</summary>
    /// <returns>The image that is on disk now.</returns>
    /// <exception cref="IOException">It cannot be stored.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be stored.</exception>
    internal KernelImage Publish(string path, KernelImage image)
    {
        Directory.CreateDirectory(Path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(KernelFile.Write(image));
                stream.Flush(flushToDisk: true);
            }
            if (FilePublication.TryPublish(temporary, path)) return image;
            if (Read(path, image.Key, out _) is { } first) return first;
            // The file in the way is damaged.
            File.Move(temporary, path, overwrite: true);
            return image;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private IEnumerable<FileInfo> OwnFiles()
    {
        var folder = new DirectoryInfo(Path);
        return folder.Exists ? folder.EnumerateFiles().Where(file => OwnName().IsMatch(file.Name)) : [];
    }

    // Another process may delete a file while we look.
    private static KernelCacheEntry? Describe(FileInfo file)
    {
        try
        {
            var image = KernelFile.Read(File.ReadAllBytes(file.FullName), out var problem);
            return new(file.FullName, image?.DisplayName ?? file.Name, image?.Architecture, file.Length, file.LastWriteTimeUtc, image?.Resources, problem);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"[^A-Za-z0-9._=,+-]")]
    private static partial Regex UnsafeCharacters();

    [GeneratedRegex(@"^[A-Za-z0-9._=,+-]+-[0-9a-f]{16}\.cubin(\.[0-9a-f]{32}\.tmp)?\z")]
    private static partial Regex OwnName();
}
