using System.Xml.Linq;

namespace XVideo.Architecture.Tests;

public sealed class DependencyTests
{
    // The benchmarks are a part of the program that lies outside src.
    private static IReadOnlyList<string> ProgramProjects { get; } = [.. Repository.Files("src", "*.csproj"), Repository.PathOf("bench/XVideo.Bench/XVideo.Bench.csproj")];

    // Cli of src/Cli, Bench of bench/XVideo.Bench.
    private static string Name(string projectFile) => Folder(projectFile).Replace("XVideo.", "");

    private static string Folder(string projectFile) => Path.GetFileName(Path.GetDirectoryName(projectFile))!;

    [Fact]
    public void SourceProjects_References_AreTheAllowedEdges()
    {
        var edges = ProgramProjects.SelectMany(project => ProjectReferences.ForbiddenInSource(Name(project), ProjectReferences.Read(project))).ToList();
        Assert.True(edges.Count == 0, string.Join('\n', edges));
        Assert.Equal(ProjectReferences.Allowed.Keys.Order(), ProgramProjects.Select(Name).Order());
    }

    [Fact]
    public void Bench_IsReferenced_ByTheProgramAndByTestsAlone()
    {
        var referring =
            from folder in (string[])["src", "tools", "bench"]
            from project in Repository.Files(folder, "*.csproj")
            where ProjectReferences.Read(project).Any(target => target.EndsWith("/XVideo.Bench.csproj", StringComparison.Ordinal))
            select Name(project);
        Assert.Equal(["Cli"], referring);
    }

    [Fact]
    public void AnyProject_References_NeverLeadToCliOrTools()
    {
        var edges =
            from folder in (string[])["src", "tools", "bench", "tests"]
            from project in Repository.Files(folder, "*.csproj")
            from target in ProjectReferences.Read(project)
            let full = Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, target)))
            // The tests of a program may reference it.
            where (full.StartsWith("src/Cli/", StringComparison.Ordinal) && Folder(project) != "XVideo.Cli.Tests")
                || (full.StartsWith("tools/", StringComparison.Ordinal) && Folder(project) != $"{Path.GetFileNameWithoutExtension(target)}.Tests")
            select $"{Path.GetRelativePath(Repository.Root, project)} -> {full}: nothing may reference the program or a tool";
        Assert.Empty(edges);
    }

    [Fact]
    public void SourceProjects_TransitiveReferences_AreSwitchedOff()
    {
        var properties = XDocument.Load(Repository.PathOf("Directory.Build.props"));
        Assert.Equal("true", properties.Descendants("DisableTransitiveProjectReferences").Single().Value);
        // A reference to a built assembly would go round the project files.
        Assert.DoesNotContain(Repository.Files("src", "*.csproj").SelectMany(project => XDocument.Load(project).Descendants("Reference")), _ => true);
    }

    [Theory]
    [InlineData("DiT", "../Cuda/XVideo.Cuda.csproj", "DiT -> ../Cuda/XVideo.Cuda.csproj is not allowed; DiT may reference SparseAttention, Torch")]
    [InlineData("Video", "../Torch/XVideo.Torch.csproj", "Video -> ../Torch/XVideo.Torch.csproj is not allowed; Video may reference nothing")]
    [InlineData("Pipeline", "../../tools/XVideo.Train/XVideo.Train.csproj", "Pipeline -> ../../tools/XVideo.Train/XVideo.Train.csproj is not allowed")]
    [InlineData("Pipeline", "../../bench/XVideo.Bench/XVideo.Bench.csproj", "Pipeline -> ../../bench/XVideo.Bench/XVideo.Bench.csproj is not allowed")]
    [InlineData("Bench", "../../src/Cli/XVideo.Cli.csproj", "Bench -> ../../src/Cli/XVideo.Cli.csproj is not allowed")]
    [InlineData("Extras", "", "src/Extras is a project that ProjectReferences.Allowed does not know")]
    public void ForbiddenEdge_OfAProject_IsNamed(string project, string target, string expected) =>
        Assert.StartsWith(expected, Assert.Single(ProjectReferences.ForbiddenInSource(project, [target])));

    [Fact]
    public void Packages_InProjectFiles_HaveNoVersionsOfTheirOwn()
    {
        foreach (var project in new[] { "src", "tools", "bench", "tests" }.SelectMany(folder => Repository.Files(folder, "*.csproj")))
            foreach (var package in XDocument.Load(project).Descendants("PackageReference"))
                Assert.Null(package.Attribute("Version")?.Value ?? package.Attribute("VersionOverride")?.Value);
        foreach (var package in XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion"))
            Assert.Matches(@"^\d+(\.\d+){2,3}$", package.Attribute("Version")!.Value);
    }
}
