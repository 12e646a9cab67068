using System.Collections.ObjectModel;

namespace XVideo.Torch.Safetensors;

/// <summary>The weights of one model component in the diffusers layout: one safetensors file, or shards with an index.</summary>
/// <remarks>The warning of <see cref="SafetensorsFile"/> about files that are shortened while mapped holds for every shard.</remarks>
public sealed class SafetensorsFolder : IDisposable
{
    private const string FileSuffix = ".safetensors";

    private static readonly string[] SingleFileNames = ["diffusion_pytorch_model.safetensors", "model.safetensors"];

    private SafetensorsFolder(string path, IReadOnlyList<SafetensorsFile> files)
    {
        Path = path;
        Files = files;
        OrderedDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> entries = new(StringComparer.Ordinal);
        foreach (SafetensorsFile file in files)
        {
            foreach (SafetensorsEntry entry in file.Entries.Values)
            {
                entries.Add(entry.Name, (file, entry));
                TotalSizeInBytes += entry.SizeInBytes;
            }
        }

        Entries = new ReadOnlyDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)>(entries);
    }

    /// <summary>The folder given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>The open files: one, or the shards in the order of the index.</summary>
    public IReadOnlyList<SafetensorsFile> Files { get; }

    /// <summary>All tensors by name with the file that holds them, enumerated file by file in the order of their data.</summary>
    public IReadOnlyDictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> Entries { get; }

    /// <summary>Sum of the sizes of all tensors, without headers.</summary>
    public long TotalSizeInBytes { get; }

    /// <summary>
    /// Opens "diffusion_pytorch_model.safetensors", "model.safetensors", or the shards of the one "*.safetensors.index.json" in the folder.
    /// </summary>
    /// <remarks>
    /// Names inside an index are not trusted: a shard must be a plain file name ending in .safetensors, and a symbolic link must lead to a
    /// file inside the folder or, in a Hugging Face cache (".../snapshots/revision/..."), into the "blobs" folder of the same model.
    /// </remarks>
    /// <exception cref="ModelFileException">
    /// No weights or more than one set of weights were found, or the files are unusable or disagree with the index: all problems are listed.
    /// </exception>
    public static SafetensorsFolder Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string weights = FindWeights(folder);
        return weights.EndsWith(ShardIndex.Suffix, StringComparison.Ordinal)
            ? OpenShards(folder, weights)
            : new SafetensorsFolder(folder, [SafetensorsFile.Open(weights)]);
    }

    /// <summary>Unmaps all files; calling it again does nothing.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in Files)
        {
            file.Dispose();
        }
    }

    private static string FindWeights(string folder)
    {
        string[] present;
        try
        {
            present = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string problem = e is DirectoryNotFoundException
                ? "The folder does not exist. Check the path, or download the model again."
                : $"The folder cannot be listed: {e.Message}";
            throw new ModelFileException(folder, problem, e);
        }

        string[] found =
        [
            .. present.Where(static path =>
                SingleFileNames.Contains(System.IO.Path.GetFileName(path), StringComparer.Ordinal)
                || path.EndsWith(ShardIndex.Suffix, StringComparison.Ordinal)),
        ];
        if (found is [var only])
        {
            return only;
        }

        if (found is [])
        {
            throw new ModelFileException(
                folder,
                $"The folder holds no weights: it needs {string.Join(" or ", SingleFileNames)}, or shards with a *{ShardIndex.Suffix}. "
                + $"Found: {ListNames(present)}. Download the model again, or convert its weights to safetensors.");
        }

        throw new ModelFileException(
            folder, $"The folder holds {found.Length} sets of weights, and one is needed: {ListNames(found)}. Move all but one elsewhere.");
    }

    private static string ListNames(string[] paths)
    {
        const int shown = 10;
        string names = string.Join(", ", paths.Take(shown).Select(static path => ProblemList.Quote(System.IO.Path.GetFileName(path))));
        return paths.Length switch
        {
            0 => "no files",
            > shown => $"{names} and {paths.Length - shown} more files",
            _ => names,
        };
    }

    private static SafetensorsFolder OpenShards(string folder, string indexPath)
    {
        ProblemList problems = new();
        List<SafetensorsFile> files = [];
        try
        {
            OrderedDictionary<string, List<string>> shards = ShardIndex.Read(indexPath, problems);
            foreach ((string shard, List<string> names) in shards)
            {
                if (WhyRefused(folder, shard) is { } reason)
                {
                    problems.Add($"The index names the shard {ProblemList.Quote(shard)} for {names.Count} tensors: {reason}");
                }
                else
                {
                    OpenShard(System.IO.Path.Combine(folder, shard), shard, names, files, problems);
                }
            }

            problems.ThrowIfAny(indexPath);
            return new SafetensorsFolder(folder, files);
        }
        catch
        {
            files.ForEach(static file => file.Dispose());
            throw;
        }
    }

    private static void OpenShard(string path, string shard, List<string> names, List<SafetensorsFile> files, ProblemList problems)
    {
        SafetensorsFile file;
        try
        {
            file = SafetensorsFile.Open(path);
        }
        catch (ModelFileException e)
        {
            foreach (string problem in e.Problems)
            {
                problems.Add($"Shard {ProblemList.Quote(shard)} ({names.Count} tensors): {problem}");
            }

            return;
        }

        files.Add(file);
        HashSet<string> mapped = new(names, StringComparer.Ordinal);
        foreach (string name in names.Where(name => !file.Entries.ContainsKey(name)))
        {
            problems.Add(
                $"The index says that shard {ProblemList.Quote(shard)} holds tensor {ProblemList.Quote(name)}, but it does not. "
                + "Download the model again.");
        }

        foreach (string name in file.Entries.Keys.Where(name => !mapped.Contains(name)))
        {
            problems.Add(
                $"Shard {ProblemList.Quote(shard)} holds tensor {ProblemList.Quote(name)}, which the index does not place there. "
                + "Download the model again.");
        }
    }

    /// <summary>Null if the shard's name may be opened; else a sentence.</summary>
    private static string? WhyRefused(string folder, string shard)
    {
        const string rule = "a shard must be a plain name ending in .safetensors, of a file in the same folder.";
        if (shard.AsSpan().IndexOfAny("/\\:\0") >= 0 || shard.Any(char.IsControl))
        {
            return $"paths are refused; {rule}";
        }

        if (!shard.EndsWith(FileSuffix, StringComparison.Ordinal) || shard.Length == FileSuffix.Length)
        {
            return rule;
        }

        try
        {
            string realFolder = RealPath.Of(folder);
            string real = RealPath.Of(System.IO.Path.Combine(folder, shard));
            char separator = System.IO.Path.DirectorySeparatorChar;
            bool isInside = real.StartsWith(realFolder.TrimEnd(separator) + separator, StringComparison.Ordinal);
            return isInside || System.IO.Path.GetDirectoryName(real) == CacheBlobs(realFolder)
                ? null
                : $"it is a symbolic link that leaves the folder, to {ProblemList.Quote(real)}; {rule}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>The "blobs" folder that a Hugging Face cache keeps beside "snapshots", if the folder is part of such a cache.</summary>
    private static string? CacheBlobs(string realFolder)
    {
        for (DirectoryInfo? folder = new(realFolder); folder is not null; folder = folder.Parent)
        {
            if (folder is { Name: "snapshots", Parent: { } model })
            {
                return System.IO.Path.Combine(model.FullName, "blobs");
            }
        }

        return null;
    }
}
