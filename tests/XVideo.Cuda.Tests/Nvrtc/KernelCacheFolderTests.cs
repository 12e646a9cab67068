using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

public sealed class KernelCacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly KernelCacheFolder _folder;

    public KernelCacheFolderTests() => _folder = new KernelCacheFolder(_temporary.Path);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Entries_StoredKernels_AreListedWithSizeArchitectureAndTime()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        Fill(("SIZE", "2"));
        Fill(("SIZE", "1"));
        var entries = _folder.Entries();
        Assert.Equal(["example[SIZE=1]", "example[SIZE=2]"], entries.Select(entry => entry.DisplayName));
        Assert.All(entries, entry =>
        {
            Assert.Equal(("sm_80", null, new KernelResources(168, 1024, 0, 0, 0)), (entry.Architecture, entry.Problem, entry.Resources));
            Assert.Equal(new FileInfo(entry.Path).Length, entry.SizeInBytes);
            Assert.InRange(entry.CompiledAt, before, DateTimeOffset.UtcNow.AddSeconds(2));
        });
    }

    [Fact]
    public void Entries_DamagedFile_IsListedWithItsProblem()
    {
        Fill();
        var path = Assert.Single(_folder.Entries()).Path;
        File.WriteAllText(path, "nonsense");
        var entry = Assert.Single(_folder.Entries());
        Assert.Equal((Path.GetFileName(path), null), (entry.DisplayName, entry.Architecture));
        Assert.Contains("8 bytes", entry.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_NotThere_HasNoEntriesAndNothingToClear()
    {
        Assert.Empty(_folder.Entries());
        Assert.Equal((0, 0L), _folder.Clear());
    }

    [Fact]
    public void Clear_ForeignFilesAndFolders_Stay()
    {
        Fill(("SIZE", "1"));
        Fill(("SIZE", "2"));
        var size = _folder.Entries().Sum(entry => entry.SizeInBytes);
        string[] foreign = ["notes.txt", "mine.cubin", "example-0123456789abcde.cubin", "example-0123456789abcdef.cubin.bak", "example-0123456789ABCDEF.cubin", "with space-0123456789abcdef.cubin", ".hidden"];
        foreach (var name in foreign) File.WriteAllText(Path.Combine(_folder.Path, name), "foreign");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "folder-0123456789abcdef.cubin"));
        // What a process leaves that was killed between writing and renaming.
        File.WriteAllText(Path.Combine(_folder.Path, $"example-0123456789abcdef.cubin.{Guid.NewGuid():N}.tmp"), "left");

        Assert.Equal((2, size + 4), _folder.Clear());

        Assert.Equal(foreign.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetDirectories(_folder.Path));
        Assert.Empty(_folder.Entries());
    }

    [Fact]
    public void FileOf_HostileDisplayName_StaysInTheFolderAndIsShort()
    {
        var path = _folder.FileOf($"../../etc/{new string('ä', 300)}[A=b c]", new string('a', 64));
        Assert.Equal(_folder.Path, Path.GetDirectoryName(path));
        Assert.InRange(Path.GetFileName(path).Length, 1, 150);
    }

    private void Fill(params (string Name, string Value)[] constants) =>
        new KernelCache(new StubCompiler(), _folder, static _ => { }).Get(StubCompiler.Source(constants), new Version(8, 0));
}
