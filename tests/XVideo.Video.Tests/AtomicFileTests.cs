using System.Diagnostics;

namespace XVideo.Video.Tests;

/// <summary>Files that are there whole or not at all.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-atomic-").FullName;
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted) Shell("umount", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A full disk where mounting is permitted; elsewhere a folder that is gone.</summary>
    [Fact]
    public void Write_DiskFull_SaysHowToGoOnAndKeepsTheOldFile()
    {
        _isMounted = Shell("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder);
        var path = Path.Combine(_folder, _isMounted ? "a.json" : "gone/a.json");
        if (_isMounted) AtomicFile.Write(path, "old");

        var error = Assert.Throws<VideoOutputException>(() => AtomicFile.Write(path, new string('x', 200_000)));

        Assert.Contains("run the same command again", error.Message, StringComparison.Ordinal);
        if (_isMounted) Assert.Equal((VideoOutputProblem.DiskFull, "old"), (error.Problem, File.ReadAllText(path)));
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void WriteNew_FileThatIsThere_KeepsIt()
    {
        var path = Path.Combine(_folder, "a.json");

        Assert.True(AtomicFile.WriteNew(path, "first"));
        Assert.False(AtomicFile.WriteNew(path, "second"));

        Assert.Equal("first", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    private static bool Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
