namespace XVideo.Cli.Tests;

/// <summary><c>xvideo doctor</c> on this machine, whole and with things taken away.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DoctorTests() => ModelStub.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Doctor_EverythingHere_IsReadyAndExitsWithZero()
    {
        var run = CliRun.Start(_folder.Path, ["doctor", "--json"]);
        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("ready").GetBoolean());
        var names = run.Json.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("name").GetString()).ToArray();
        Assert.All((string[])["libtorch", "native layer", "ffmpeg", "GPU", "NVRTC", "model", "model folders", "cache folder"], name => Assert.Contains(name, names));
    }

    [Fact]
    public void Doctor_NoLibtorch_SaysWhatWasTriedAndHowToInstallIt()
    {
        var run = CliRun.Start(_folder.Path, ["doctor", "--json"], ("XVIDEO_LIBTORCH", _folder.Path));
        Assert.Equal(4, run.ExitCode);
        Assert.False(run.Json.GetProperty("ready").GetBoolean());
        var libtorch = run.Json.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("name").GetString() == "libtorch");
        Assert.False(libtorch.GetProperty("ok").GetBoolean());
        Assert.Contains(_folder.Path, libtorch.GetProperty("tried")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("apt-get install -y --no-install-recommends libtorch-dev", libtorch.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_NoFfmpeg_SaysHowToInstallIt()
    {
        var run = CliRun.Start(_folder.Path, ["doctor"], ("PATH", _folder.Path));
        Assert.Equal(4, run.ExitCode);
        Assert.Matches(@"MISSING +ffmpeg", run.Output);
        Assert.Matches(@"fix: (sudo )?apt-get update && (sudo )?apt-get install -y --no-install-recommends ffmpeg", run.Output);
    }

    [Fact]
    public void Doctor_ModelUnusable_ExitsWithModelFiles()
    {
        var run = CliRun.Start(_folder.Path, ["doctor", "--json", "--model", "absent"]);
        Assert.Equal(3, run.ExitCode);
        Assert.False(run.Json.GetProperty("ready").GetBoolean());
    }

    [Fact]
    public void Doctor_CacheNotWritable_NamesTheFolder()
    {
        var run = CliRun.Start(_folder.Path, ["doctor", "--json"], ("XVIDEO_CACHE", "/proc/xvideo"));
        Assert.Equal(4, run.ExitCode);
        var cache = run.Json.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("name").GetString() == "cache folder");
        Assert.Contains("/proc/xvideo", cache.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("XVIDEO_CACHE", cache.GetProperty("fix").GetString(), StringComparison.Ordinal);
    }
}
