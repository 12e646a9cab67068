using XVideo.Pipeline.Tests.Parity;

namespace XVideo.Pipeline.Tests;

public sealed class ReadmeTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(GoldenData.Root, "..", ".."));

    [Fact]
    public void Pages_LinkOnlyToFilesThatExist()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository, "docs"), "*.md").Append(Path.Combine(Repository, "README.md"));
        var broken =
            from page in pages
            from System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(page), @"\]\(([^)#:]+)\)")
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value))
            select $"{Path.GetFileName(page)}: {link.Groups[1].Value}";

        Assert.Empty(broken);
    }
}
