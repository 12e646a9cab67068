using System.Xml.Linq;

namespace XVideo.Architecture.Tests;

/// <summary>Who may reference whom. A reference that is not written in a project file does not compile, so the project files say it all.</summary>
internal static class ProjectReferences
{
    /// <summary>The allowed targets of each project in src.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Cuda"] = [],
        ["Torch"] = ["Cuda"],
        ["Tokenizers"] = [],
        ["Video"] = [],
        ["SparseAttention"] = ["Torch", "Cuda"],
        ["DiT"] = ["SparseAttention", "Torch"],
        ["Pipeline"] = ["DiT", "SparseAttention", "Torch", "Tokenizers", "Video", "Cuda"],
        ["Cli"] = ["Pipeline", "Video", "Cuda", "Torch"],
    };

    /// <summary>Edges of a project in src that <see cref="Allowed"/> does not have, each as one line.</summary>
    /// <param name="project">Its folder's name, for example <c>DiT</c>.</param>
    /// <param name="targets">Paths of the referenced projects, for example <c>../Torch/XVideo.Torch.csproj</c>.</param>
    public static IEnumerable<string> ForbiddenInSource(string project, IEnumerable<string> targets)
    {
        if (!Allowed.TryGetValue(project, out var allowed))
            return [$"src/{project} is a project that ProjectReferences.Allowed does not know: add it there with what it may reference"];
        var legal = allowed.Select(name => $"../{name}/XVideo.{name}.csproj").ToHashSet();
        return targets.Where(target => !legal.Contains(target))
            .Select(target => $"{project} -> {target} is not allowed; {project} may reference {(allowed is [] ? "nothing" : string.Join(", ", allowed))}");
    }

    /// <summary>The referenced paths in a project file, with forward slashes.</summary>
    public static IReadOnlyList<string> Read(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))];
}
