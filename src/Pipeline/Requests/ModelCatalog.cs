using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Requests;

/// <summary>The places where models lie, and the way from a name to a folder.</summary>
/// <param name="Roots">Folders that hold model folders, the first one that has a name wins. They need not exist.</param>
public sealed record ModelCatalog(IReadOnlyList<string> Roots)
{
    private const string RootName = "weights";

    /// <summary>
    /// The named folders, then every <c>weights</c> folder from the current folder upwards, then every one from the program's folder upwards.
    /// </summary>
    /// <param name="named">Folders separated by ':', or <see langword="null"/>.</param>
    public static ModelCatalog Create(string? named)
    {
        var chosen = (named ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath);
        var found = Upwards(Environment.CurrentDirectory).Concat(Upwards(AppContext.BaseDirectory));
        return new ModelCatalog([.. chosen.Concat(found.Where(Directory.Exists)).Distinct()]);
    }

    /// <summary>Every model folder, with those that are hidden by another of the same name left out.</summary>
    public IReadOnlyList<string> Folders() =>
        [.. Roots.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Where(IsModel).DistinctBy(Path.GetFileName).Order(StringComparer.Ordinal)];

    /// <summary>The folder of a model.</summary>
    /// <param name="nameOrPath">A name under one of the roots, or the path of a folder.</param>
    /// <exception cref="ModelFileException">There is none; the message names those that exist.</exception>
    public string Find(string nameOrPath)
    {
        if (string.IsNullOrWhiteSpace(nameOrPath)) throw Unknown("\"\"");
        var isName = !nameOrPath.Contains(Path.DirectorySeparatorChar) && nameOrPath is not ("." or "..");
        var candidates = isName ? Roots.Select(root => Path.Combine(root, nameOrPath)).Append(nameOrPath) : [nameOrPath];
        return candidates.Where(IsModel).Select(Path.GetFullPath).FirstOrDefault()
            // A folder that is there but is no model gets the message about what it lacks.
            ?? candidates.Where(Directory.Exists).Select(Path.GetFullPath).FirstOrDefault()
            ?? throw Unknown(nameOrPath);
    }

    private ModelFileException Unknown(string nameOrPath)
    {
        var names = Folders().Select(Path.GetFileName).ToArray();
        return new ModelFileException(nameOrPath,
            "There is no model of that name and no folder of that path. " +
            (names.Length == 0 ? "No models were found at all. " : $"Models found: {string.Join(", ", names)}. ") +
            $"Looked under: {(Roots.Count == 0 ? "no folder named weights exists here or above" : string.Join(", ", Roots))}. " +
            "Name another with --model, or say where models lie with XVIDEO_MODELS.");
    }

    private static bool IsModel(string folder) => File.Exists(Path.Combine(folder, ModelFolder.IndexFile));

    private static IEnumerable<string> Upwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, RootName);
    }
}
