using System.Diagnostics;
using System.Text;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

public sealed class KernelCacheRaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Get_TwoProcessesRace_BothLoadTheSameImage()
    {
        var start = Path.Combine(_folder.Path, "start");
        var processes = ((string[])["one", "two"]).Select(salt => Start(_folder.Path, start, salt)).ToArray();
        foreach (var process in processes) Assert.Equal("ready", process.StandardOutput.ReadLine());
        File.WriteAllText(start, "");
        var outputs = processes.Select(process => process.StandardOutput.ReadToEndAsync()).ToArray();
        Assert.All(processes, process => Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)) && process.ExitCode == 0));
        var images = outputs.Select(output => output.GetAwaiter().GetResult()).ToArray();
        Assert.Equal(images[0], images[1]);
        Assert.Equal(20, images[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(20, Directory.GetFiles(Path.Combine(_folder.Path, "kernels")).Length);
        foreach (var process in processes) process.Dispose();
    }

    [Fact]
    public async Task Get_TwoCachesRaceInOneProcess_EveryImageIsThatOnDisk()
    {
        var folder = new KernelCacheFolder(_folder.Path);
        var caches = ((string[])["one", "two"]).Select(salt => new KernelCache(new StubCompiler { Salt = salt }, folder, static _ => { })).ToArray();
        foreach (var size in Enumerable.Range(0, 100))
        {
            using var together = new Barrier(2);
            var images = await Task.WhenAll(caches.Select(cache => Task.Run(() =>
            {
                together.SignalAndWait();
                return cache.Get(StubCompiler.Source(("SIZE", $"{size}")), new Version(9, 0));
            })));
            Assert.Equal(Text(images[0]), Text(images[1]));
        }
        Assert.InRange(caches.Sum(cache => cache.Compilations), 100, 200);
        Assert.Equal(100, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Publish_ImageAlreadyThere_ReturnsThatAndLeavesNoTemporaryFile()
    {
        var folder = new KernelCacheFolder(_folder.Path);
        var key = new string('a', 64);
        var path = folder.FileOf("example", key);
        var (first, second) = (Image(key, "first"), Image(key, "second"));
        Assert.Same(first, folder.Publish(path, first));
        Assert.Equal("first", Text(folder.Publish(path, second)));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(folder.Path)));
    }

    private static KernelImage Image(string key, string text) => new(key, "example", "xv_example", "sm_90a", Encoding.ASCII.GetBytes(text), null);

    private static string Text(KernelImage image) => Encoding.ASCII.GetString(image.Bytes.Span);

    private static Process Start(params string[] arguments)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        return Process.Start(new ProcessStartInfo(host, [typeof(Program).Assembly.Location, .. arguments]) { RedirectStandardOutput = true })!;
    }
}
