using System.Text;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

public sealed class KernelCacheTests : IDisposable
{
    private static readonly Version Hopper = new(9, 0);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];

    private string Kernels => Path.Combine(_folder.Path, "kernels");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Get_Twice_CompilesOnceAndSaysSoInOneLine()
    {
        var compiler = new StubCompiler();
        var cache = Cache(compiler);
        var source = StubCompiler.Source(("SIZE", "4"));
        Assert.Same(cache.Get(source, Hopper), cache.Get(StubCompiler.Source(("SIZE", "4")), Hopper));
        Assert.Equal((1, 1, true), (compiler.Compilations, cache.Compilations, cache.IsStoring));
        Assert.Matches(@"^compiled kernel example\[SIZE=4\] for sm_90 in \d+ ms, 168 registers, 1024 bytes static shared, 0 bytes spilled$", Assert.Single(_log));
    }

    [Fact]
    public void Get_FromAnotherCacheOnTheFolder_ReadsTheStoredImageSilently()
    {
        var first = Cache(new StubCompiler()).Get(StubCompiler.Source(("SIZE", "4")), Hopper);
        _log.Clear();
        var compiler = new StubCompiler();
        var second = Cache(compiler).Get(StubCompiler.Source(("SIZE", "4")), Hopper);
        Assert.Equal(0, compiler.Compilations);
        Assert.Empty(_log);
        Assert.True(second.Bytes.Span.SequenceEqual(first.Bytes.Span));
        Assert.NotNull(first.CompileTime);
        Assert.Null(second.CompileTime);
        Assert.Equal(first with { Bytes = default, CompileTime = null }, second with { Bytes = default });
        Assert.Equal("example-SIZE=4-" + first.Key[..16] + ".cubin", Path.GetFileName(Assert.Single(Directory.GetFiles(Kernels))));
    }

    [Fact]
    public void Get_KernelThatSpills_Warns()
    {
        Cache(new StubCompiler { Resources = new(255, 0, 960, 1544, 1568) }).Get(StubCompiler.Source(), Hopper);
        Assert.Equal(2, _log.Count);
        Assert.Contains("3112 bytes spilled", _log[0], StringComparison.Ordinal);
        Assert.Equal("warning: kernel example for sm_90 spills registers (1544 bytes stored, 1568 loaded per thread): it will be slow.", _log[1]);
    }

    [Fact]
    public void Get_CompilerWarnings_AreLoggedWithTheKernel()
    {
        Cache(new StubCompiler { Warnings = ["example.cu(3): warning #177-D: declared but never referenced"] }).Get(StubCompiler.Source(), Hopper);
        Assert.Equal("warning: kernel example for sm_90: example.cu(3): warning #177-D: declared but never referenced", _log[1]);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("other magic")]
    [InlineData("later format")]
    [InlineData("changed image")]
    [InlineData("changed description")]
    [InlineData("changed length")]
    [InlineData("image of another kernel")]
    public void Get_DamagedFile_IsReportedCompiledAgainAndReplaced(string damage)
    {
        var source = StubCompiler.Source(("SIZE", "4"));
        var expected = Cache(new StubCompiler()).Get(source, Hopper);
        var path = Assert.Single(Directory.GetFiles(Kernels));
        var good = File.ReadAllBytes(path);
        File.WriteAllBytes(path, Damage(good, damage));
        _log.Clear();

        var compiler = new StubCompiler();
        var image = Cache(compiler).Get(source, Hopper);

        Assert.Equal(1, compiler.Compilations);
        Assert.True(image.Bytes.Span.SequenceEqual(expected.Bytes.Span));
        Assert.Equal(2, _log.Count);
        Assert.StartsWith($"kernel cache: {path} cannot be used: it", _log[0], StringComparison.Ordinal);
        Assert.EndsWith("It is compiled again.", _log[0], StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Kernels));
    }

    [Fact]
    public void Get_FileCutAnywhere_IsNeverTaken()
    {
        var source = StubCompiler.Source();
        Cache(new StubCompiler()).Get(source, Hopper);
        var good = File.ReadAllBytes(Assert.Single(Directory.GetFiles(Kernels)));
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Null(KernelFile.Read(good[..length], out var problem));
            Assert.NotNull(problem);
        }
        for (var position = 0; position < good.Length; position++)
        {
            var changed = good.ToArray();
            changed[position] ^= 0x10;
            Assert.Null(KernelFile.Read(changed, out _));
        }
    }

    [Fact]
    public void File_Stored_BeginsWithTheImageItself()
    {
        // NVIDIA's tools then read the file as it is.
        var image = Cache(new StubCompiler()).Get(StubCompiler.Source(), Hopper);
        Assert.True(File.ReadAllBytes(Assert.Single(Directory.GetFiles(Kernels))).AsSpan().StartsWith(image.Bytes.Span));
    }

    [Theory]
    [InlineData("a file where the folder should be")]
    [InlineData("/proc")]
    [InlineData("a folder where the file should be")]
    public void Get_FolderThatCannotBeWritten_WorksFromMemoryWithOneWarning(string kind)
    {
        var folder = kind == "/proc" ? "/proc/xvideo" : _folder.Path;
        if (kind == "a file where the folder should be") File.WriteAllText(Kernels, "in the way");
        var cache = new KernelCache(new StubCompiler(), new KernelCacheFolder(folder), _log.Add);
        if (kind == "a folder where the file should be")
            foreach (var size in (int[])[1, 2]) BlockFile(StubCompiler.Source(("SIZE", $"{size}")));

        var one = cache.Get(StubCompiler.Source(("SIZE", "1")), Hopper);
        var two = cache.Get(StubCompiler.Source(("SIZE", "2")), Hopper);

        Assert.Same(one, cache.Get(StubCompiler.Source(("SIZE", "1")), Hopper));
        Assert.NotEqual(one.Key, two.Key);
        Assert.Equal((2, false), (cache.Compilations, cache.IsStoring));
        var warning = Assert.Single(_log, line => line.StartsWith("warning", StringComparison.Ordinal));
        Assert.Contains(Path.Combine(folder, "kernels"), warning, StringComparison.Ordinal);
        Assert.Contains("Set XVIDEO_CACHE to a writable folder", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_CompilationForbidden_NamesKernelAndCommand()
    {
        var compiler = new StubCompiler();
        var cache = new KernelCache(compiler, new KernelCacheFolder(_folder.Path), _log.Add) { AssertNoCompile = true };
        var error = Assert.Throws<KernelCompilationForbiddenException>(() => cache.Get(StubCompiler.Source(("SIZE", "4")), Hopper));
        Assert.Equal(("example[SIZE=4]", "sm_90"), (error.DisplayName, error.Architecture));
        Assert.Contains("example[SIZE=4]", error.Message, StringComparison.Ordinal);
        Assert.Contains("xvideo kernels build", error.Message, StringComparison.Ordinal);
        Assert.Contains(Kernels, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, compiler.Compilations);

        Cache(new StubCompiler()).Get(StubCompiler.Source(("SIZE", "4")), Hopper);
        Assert.Equal("example[SIZE=4]", cache.Get(StubCompiler.Source(("SIZE", "4")), Hopper).DisplayName);
    }

    [Fact]
    public void Get_CompilationFailedOnce_TriesAgainAndStoresNothingBad()
    {
        var compiler = new StubCompiler { Failure = new KernelCompilationException("example", "sm_90", "stub 1.0", "example.cu(1): error") };
        var cache = Cache(compiler);
        Assert.Throws<KernelCompilationException>(() => cache.Get(StubCompiler.Source(), Hopper));
        Assert.False(Directory.Exists(Kernels));
        compiler.Failure = null;
        cache.Get(StubCompiler.Source(), Hopper);
        Assert.Equal(2, compiler.Compilations);
    }

    [Fact]
    public async Task Get_ManyThreadsOneCache_CompilesEachKernelOnce()
    {
        var compiler = new StubCompiler();
        var cache = new KernelCache(compiler, new KernelCacheFolder(_folder.Path), static _ => { });
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
        {
            cache.Get(StubCompiler.Source(("SIZE", $"{i % 10}")), Hopper);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(10, compiler.Compilations);
    }

    private KernelCache Cache(StubCompiler compiler) => new(compiler, new KernelCacheFolder(_folder.Path), _log.Add);

    private void BlockFile(KernelSource source)
    {
        using var elsewhere = new TemporaryFolder();
        var image = new KernelCache(new StubCompiler(), new KernelCacheFolder(elsewhere.Path), static _ => { }).Get(source, Hopper);
        Directory.CreateDirectory(new KernelCacheFolder(_folder.Path).FileOf(image.DisplayName, image.Key));
    }

    private static byte[] Damage(byte[] good, string damage)
    {
        var bytes = good.ToArray();
        switch (damage)
        {
            case "truncated": return bytes[..(bytes.Length / 2)];
            case "empty": return [];
            case "other magic": bytes[^1] ^= 1; return bytes;
            case "later format": bytes[^12] = 99; return bytes;
            case "changed image": bytes[0] ^= 1; return bytes;
            case "changed description": bytes[Array.IndexOf(bytes, (byte)'{') + 2] ^= 1; return bytes;
            case "changed length": bytes[^24] ^= 1; return bytes;
            case "image of another kernel":
                return KernelFile.Write(new KernelImage(new string('0', 64), "other", "xv_other", "sm_90", Encoding.ASCII.GetBytes("other"), null));
            default: throw new ArgumentOutOfRangeException(nameof(damage), damage, null);
        }
    }
}
