namespace XVideo.Video.Tests;

public class FfmpegTests
{
    [Fact]
    public void Find_OnThisMachine_ReturnsBothProgramsAndTheVersion()
    {
        var ffmpeg = Ffmpeg.Find();
        Assert.True(File.Exists(ffmpeg.FfmpegPath));
        Assert.True(File.Exists(ffmpeg.FfprobePath));
        Assert.NotEmpty(ffmpeg.VersionText);
        Assert.Same(ffmpeg, Ffmpeg.Find());
    }

    [Fact]
    public void Find_FolderGiven_UsesTheProgramInIt()
    {
        var ffmpeg = Ffmpeg.Find();
        Assert.Equal(ffmpeg.FfmpegPath, Ffmpeg.Find(Path.GetDirectoryName(ffmpeg.FfmpegPath)).FfmpegPath);
    }

    [Fact]
    public void Find_Twice_StartsOneProcess()
    {
        using var folder = new TestFolder();
        var program = folder.Script("ffmpeg", $"echo started >> '{folder["log"]}'; echo 'ffmpeg version 6.1.1 Copyright'");
        folder.Script("ffprobe", "exit 0");
        Assert.Equal(new Version(6, 1), Ffmpeg.Find(program).Version);
        Ffmpeg.Find(program);
        Assert.Single(File.ReadAllLines(folder["log"]));
    }

    [Fact]
    public void Find_PathMissing_SaysWhatWasTriedAndHowToInstall()
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<FfmpegException>(() => Ffmpeg.Find(folder["nothing/ffmpeg"]));
        Assert.Contains(folder["nothing/ffmpeg"] + ": no such file", error.Message);
        Assert.Contains("install", error.Message);
        Assert.Contains(Ffmpeg.InstallCommand, error.Message);
    }

    [Theory]
    [InlineData("echo 'ffmpeg version 4.1.11-0+deb10u1 Copyright (c)'", "version 4.1.11-0+deb10u1 is too old, 4.2 or newer is needed")]
    [InlineData("echo hello", "does not answer as ffmpeg")]
    [InlineData("echo 'error while loading shared libraries: libx264.so' >&2; exit 127", "exited with code 127 when asked for its version. error while loading shared libraries")]
    [InlineData("echo 'ffmpeg version 5.0 Copyright'; exit 3", "exited with code 3")]
    public void Find_ProgramUnusable_SaysWhy(string script, string expected)
    {
        using var folder = new TestFolder();
        folder.Script("ffprobe", "exit 0");
        var error = Assert.Throws<FfmpegException>(() => Ffmpeg.Find(folder.Script("ffmpeg", script)));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Find_NotExecutable_SaysWhy()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["ffmpeg"], "text");
        File.SetUnixFileMode(folder["ffmpeg"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var error = Assert.Throws<FfmpegException>(() => Ffmpeg.Find(folder["ffmpeg"]));
        Assert.Contains("could not be started", error.Message);
    }

    [Theory]
    [InlineData("ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026", "5.1.9-0+deb12u1", "5.1")]
    [InlineData("ffmpeg version n7.1 Copyright", "n7.1", "7.1")]
    [InlineData("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", "4.4.2-0ubuntu0.22.04.1", "4.4")]
    [InlineData("ffmpeg version N-109468-gd39b34123d Copyright", "N-109468-gd39b34123d", null)]
    [InlineData("ffmpeg version 2024-01-01-git-e1c1dc8347 Copyright", "2024-01-01-git-e1c1dc8347", null)]
    public void ParseVersion_KnownSpellings_AreRead(string output, string text, string? version)
    {
        Assert.Equal((text, version is null ? null : Version.Parse(version)), Ffmpeg.ParseVersion(output));
    }
}
