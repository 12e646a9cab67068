namespace XVideo.Video.Tests;

public class DestinationTests
{
    [Fact]
    public void Destination_Exists_IsRefusedUnlessOverwriting()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["a.mp4"], "old");
        var error = Refused(folder["a.mp4"], VideoOutputProblem.Exists);
        Assert.Contains("--force", error.Message);
        Assert.Throws<VideoOutputException>(() => VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, 16, 16, 16));
        Assert.Equal("old", File.ReadAllText(folder["a.mp4"]));

        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 16, 16, Clip.Gradients(16, 16, 2), overwrite: true);
        Assert.Equal(2, VideoProbe.Read(folder["a.mp4"]).FrameCount);
        Assert.Equal(["a.mp4"], folder.Names);
    }

    [Fact]
    public void Destination_AppearsWhileEncoding_IsNotReplaced()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, 16, 16, 16);
        writer.WriteFrame(Clip.Gradient(16, 16, 0));
        File.WriteAllText(folder["a.mp4"], "somebody else's");
        Assert.Equal(VideoOutputProblem.Exists, Assert.Throws<VideoOutputException>(() => writer.Complete()).Problem);
        Assert.Equal("somebody else's", File.ReadAllText(folder["a.mp4"]));
        Assert.Equal(["a.mp4"], folder.Names);
    }

    [Fact]
    public void Destination_FolderMissing_NamesItAndTheCommand()
    {
        using var folder = new TestFolder();
        var error = Refused(folder["no/such/a.mp4"], VideoOutputProblem.FolderMissing);
        Assert.Contains($"mkdir -p '{folder["no/such"]}'", error.Message);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Destination_FolderIsAFile_SaysSo()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Contains("is a file, not a folder", Refused(folder["file/a.mp4"], VideoOutputProblem.FolderMissing).Message);
    }

    [Fact]
    public void Destination_IsAFolder_IsRefused()
    {
        using var folder = new TestFolder();
        Assert.Contains("is a folder", Refused(folder.Root, VideoOutputProblem.WrongKind).Message);
        Refused("/", VideoOutputProblem.WrongKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\0b.mp4")]
    public void Destination_NotAPath_IsRefused(string path) => Refused(path, VideoOutputProblem.InvalidPath);

    [Fact]
    public void Destination_Device_IsRefusedEvenWithOverwrite()
    {
        var error = Assert.Throws<VideoOutputException>(() => VideoWriter.CheckDestination("/dev/null", VideoFormat.Mp4, overwrite: true));
        Assert.Equal(VideoOutputProblem.WrongKind, error.Problem);
    }

    [Fact]
    public void Destination_FolderTakesNoFiles_IsRefused() => Refused("/proc/self/a.mp4", VideoOutputProblem.NotWritable);

    [Fact]
    public void Destination_ReadOnly_IsRefused()
    {
        // Root ignores permission bits, so a read-only mount is used where there is one; others meet the bits.
        using var mounted = TestFolder.TryMount("ro,size=64k");
        using var folder = new TestFolder();
        var root = mounted?.Root ?? folder.Root;
        if (mounted is null)
        {
            Assert.False(Environment.IsPrivilegedProcess, "root without the right to mount cannot make a read-only folder");
            File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        try
        {
            foreach (var format in Enum.GetValues<VideoFormat>())
            {
                var error = Refused(Path.Combine(root, "out"), VideoOutputProblem.NotWritable, format);
                Assert.Contains("read-only", error.Message);
            }
        }
        finally
        {
            File.SetUnixFileMode(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Destination_Usable_LeavesNoTrace()
    {
        using var folder = new TestFolder();
        VideoWriter.CheckDestination(folder["a.mp4"], VideoFormat.Mp4, overwrite: false);
        Assert.Empty(folder.Names);
    }

    private static VideoOutputException Refused(string path, VideoOutputProblem problem, VideoFormat format = VideoFormat.Mp4)
    {
        var error = Assert.Throws<VideoOutputException>(() => VideoWriter.CheckDestination(path, format, overwrite: false));
        Assert.Equal((problem, path), (error.Problem, error.Path));
        return error;
    }
}
