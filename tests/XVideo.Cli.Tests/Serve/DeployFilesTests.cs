using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Tests.Serve;

/// <summary>The files in deploy/ and the page about them against the program.</summary>
public sealed partial class DeployFilesTests
{
    [Fact]
    public void Variables_InUnitsContainerFileAndPage_AreSettings()
    {
        var known = SettingTable.All.Select(setting => setting.EnvironmentName).ToHashSet();

        foreach (var path in Files())
        {
            var names = Variable().Matches(File.ReadAllText(path)).Select(match => match.Value).Distinct().ToList();
            Assert.True(names.Count > 0, $"{path} names no settings at all");
            Assert.Empty(names.Where(name => !known.Contains(name)).Select(name => $"{path}: {name}"));
        }
    }

    [Fact]
    public void Units_Stop_TakesLongerThanTheServerDoes()
    {
        // The drain time and what the rest may take.
        var longest = 25 + 35;

        foreach (var path in Files().Where(path => path.EndsWith(".service", StringComparison.Ordinal)))
            Assert.True(int.Parse(Regex.Match(File.ReadAllText(path), @"^TimeoutStopSec=(\d+)$", RegexOptions.Multiline).Groups[1].ValueSpan) > longest, path);
    }

    private static IEnumerable<string> Files([CallerFilePath] string file = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
        return ((string[])["deploy/xvideo.service", "deploy/xvideo-worker.service", "deploy/xvideo.env", "deploy/Containerfile", "docs/operations.md"]).Select(name => Path.Combine(root, name));
    }

    [GeneratedRegex("XVIDEO_[A-Z_]+")]
    private static partial Regex Variable();
}
