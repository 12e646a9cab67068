using System.Text.RegularExpressions;

namespace XVideo.Architecture.Tests;

public sealed class DocumentationTests
{
    private const int FewestWords = 8;

    [Fact]
    public void ArchitecturePage_EverySourceProject_HasAParagraphOnItsPurpose()
    {
        var purposes = Purposes(File.ReadAllText(Repository.PathOf("docs/architecture.md")));
        var problems = Repository.Files("src", "*.csproj").Select(project => Path.GetFileName(Path.GetDirectoryName(project))!)
            .Where(project => purposes.GetValueOrDefault($"src/{project}") is not { } purpose || purpose.Split(' ').Length < FewestWords)
            .Select(project => $"docs/architecture.md has no paragraph '- **src/{project}** — …' that says what the project is for");
        Assert.Empty(problems);
    }

    [Fact]
    public void ArchitecturePage_EveryProjectNamed_Exists()
    {
        var gone = Purposes(File.ReadAllText(Repository.PathOf("docs/architecture.md"))).Keys.Where(project => !Directory.Exists(Repository.PathOf(project)));
        Assert.Empty(gone);
    }

    [Fact]
    public void Purposes_OfAPage_AreReadWithTheirContinuationLines()
    {
        var purposes = Purposes("# Page\n\n- **src/One** — does one thing\n  and another.\n- **src/Two** — short.\n\nMore about src/Three.\n");
        Assert.Equal(["src/One", "src/Two"], purposes.Keys.Order());
        Assert.Equal("does one thing and another.", purposes["src/One"]);
    }

    private static Dictionary<string, string> Purposes(string page) =>
        Regex.Matches(page, @"^- \*\*(?<project>\w+/[\w.]+)\*\* — (?<purpose>.*(?:\n  .*)*)", RegexOptions.Multiline)
            .ToDictionary(match => match.Groups["project"].Value, match => Regex.Replace(match.Groups["purpose"].Value, @"\s+", " ").Trim());
}
