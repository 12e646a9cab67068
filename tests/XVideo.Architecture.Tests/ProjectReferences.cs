using System.Xml.Linq;

namespace XVideo.Architecture.Tests;

/// <summary>Who may reference whom. A reference that is not written in a project file does not compile, so the project files say it all.</summary>
internal static class ProjectReferences
{
    /// <summary>The allowed targets of each project in src, and of the benchmarks.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Cuda"] = [],
        ["Torch"] = ["Cuda"],
        ["Tokenizers"] = [],
        ["Video"] = [],
        ["Scenes"] = ["Torch"],
        ["Metrics"] = ["Torch", "Video"],
        ["Judge"] = ["Scenes"],
        ["SparseAttention"] = ["Torch", "Cuda"],
        ["DiT"] = ["SparseAttention", "Torch"],
        ["Pipeline"] = ["DiT", "SparseAttention", "Torch", "Tokenizers", "Video", "Cuda"],
        ["Hosting"] = ["Pipeline", "Torch", "Video"],
        ["Pictures"] = ["Pipeline", "Video"],
        ["Comparison"] = ["Metrics", "Pictures", "Pipeline", "SparseAttention", "Torch", "Video"],
        ["Evaluation"] = ["Judge", "Metrics", "Scenes", "Torch", "Video"],
        ["Service"] = ["Pipeline", "SparseAttention", "Torch", "Video"],
        ["Cli"] = ["Comparison", "Evaluation", "Pictures", "Pipeline", "Service", "Video", "Cuda", "Torch", Bench],
        [Bench] = ["DiT", "Pipeline", "SparseAttention", "Torch", "Cuda", "Video"],
    };

    // The one project outside src that the program is made of.
    private const string Bench = "Bench";

    /// <summary>Edges of a project in src that <see cref="Allowed"/> does not have, each as one line.</summary>
    /// <param name="project">Its folder's name, for example <c>DiT</c>.</param>
    /// <param name="targets">Paths of the referenced projects, for example <c>../Torch/XVideo.Torch.csproj</c>.</param>
    public static IEnumerable<string> ForbiddenInSource(string project, IEnumerable<string> targets)
    {
        if (!Allowed.TryGetValue(project, out var allowed))
            return [$"src/{project} is a project that ProjectReferences.Allowed does not know: add it there with what it may reference"];
        var legal = allowed.Select(name => PathFrom(project, name)).ToHashSet();
        return targets.Where(target => !legal.Contains(target))
            .Select(target => $"{project} -> {target} is not allowed; {project} may reference {(allowed is [] ? "nothing" : string.Join(", ", allowed))}");
    }

    private static string PathFrom(string project, string target) => project == Bench ? $"../../src/{target}/XVideo.{target}.csproj"
        : target == Bench ? "../../bench/XVideo.Bench/XVideo.Bench.csproj"
        : $"../{target}/XVideo.{target}.csproj";

    /// <summary>The referenced paths in a project file, with forward slashes.</summary>
    public static IReadOnlyList<string> Read(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))];
}
