namespace XVideo.Architecture.Tests;

public sealed class SizeTests
{
    private const int MaxLines = 600;
    private const long MaxTrackedBytes = 36_000_000, MaxDefaultModelBytes = 24_000_000;

    [Fact]
    public void SourceFiles_Lines_AreAtMost600()
    {
        var files =
            from folder in (string[])["src", "tools", "bench", "tests"]
            from pattern in (string[])["*.cs", "*.cpp", "*.cu", "*.cuh"]
            from file in Repository.Files(folder, pattern)
            select file;
        var listed = files.ToList();
        Assert.True(listed.Count > 100, $"only {listed.Count} source files were found");
        var tooLong = listed.Select(file => (Path: Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Path} has {file.Lines} lines; at most {MaxLines} are allowed: split it by role");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void TrackedFiles_Together_StayUnder36Megabytes()
    {
        if (Repository.TrackedFiles() is not { } tracked) return; // a copy without git has nothing to count
        var sizes = tracked.Select(path => (Path: path, File: new FileInfo(Repository.PathOf(path)))).Where(file => file.File is { Exists: true, LinkTarget: null })
            .Select(file => (file.Path, file.File.Length)).OrderByDescending(file => file.Length).ToList();
        var total = sizes.Sum(file => file.Length);
        Assert.True(total < MaxTrackedBytes,
            $"The tracked files take {total / 1e6:0.0} MB; fewer than {MaxTrackedBytes / 1e6:0} MB are allowed. The largest:\n"
            + string.Join('\n', sizes.Take(8).Select(file => $"{file.Length / 1e6,6:0.0} MB  {file.Path}")));
    }

    [Fact]
    public void DefaultModel_Folder_IsAtMost24Megabytes()
    {
        var folder = Repository.PathOf("weights/default");
        if (!Directory.Exists(folder)) return;
        var total = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);
        Assert.True(total <= MaxDefaultModelBytes, $"weights/default takes {total / 1e6:0.0} MB; at most {MaxDefaultModelBytes / 1e6:0} MB are allowed.");
    }
}
