using System.Diagnostics;

namespace XVideo.Video.Tests;

public class FailureTests
{
    private const int Side = 128;
    private const int FrameCount = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Noise of this size needs hundreds of kilobytes: sizes below, around and just under the need, so that the disk
    // fills while streaming, while the index is written, and while it is moved to the front.
    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.WebP)]
    [InlineData(VideoFormat.Png)]
    public void Writer_DiskFull_SaysSoAndLeavesNothing(VideoFormat format)
    {
        using var roomy = new TestFolder();
        var metadata = VideoMetadata.FromJson("""{"prompt":"full"}""");
        var frames = Enumerable.Range(0, FrameCount).Select(i => Clip.Noise(Side, Side, i)).ToList();
        Clip.Write(roomy["v"], format, Side, Side, frames, metadata: metadata);
        var need = format == VideoFormat.Png
            ? Directory.GetFiles(roomy["v"]).Sum(f => (new FileInfo(f).Length + 4095) / 4096 * 4096)
            : new FileInfo(roomy["v"]).Length;

        foreach (var share in new[] { 0.02, 0.5, 0.9, 0.98 })
        {
            var kilobytes = Math.Max(8, (long)(need * share) / 4096 * 4);
            using var small = TestFolder.TryMount($"size={kilobytes}k");
            if (small is null)
            {
                FullByFileSizeLimit(format, frames, metadata, kilobytes);
                continue;
            }

            var error = Assert.Throws<VideoOutputException>(() => Clip.Write(small["v"], format, Side, Side, frames, metadata: metadata));
            Assert.Equal(VideoOutputProblem.DiskFull, error.Problem);
            Assert.Contains("disk full", error.Message);
            Assert.Empty(small.Names);
        }
    }

    [Theory]
    [InlineData(VideoFormat.Mp4, 8)]
    [InlineData(VideoFormat.Gif, 40)]
    [InlineData(VideoFormat.WebP, 40)]
    public void Writer_FileSizeLimitReached_SaysSoAndLeavesNothing(VideoFormat format, long kilobytes) => FullByFileSizeLimit(
        format, [.. Enumerable.Range(0, FrameCount).Select(i => Clip.Noise(Side, Side, i))], null, kilobytes);

    [Fact]
    public void Writer_DiskFullBeforeTheStart_IsFoundByTheCheck()
    {
        using var small = TestFolder.TryMount("size=16k");
        if (small is null)
        {
            // Without mounting, the full device stands in: its own error must be told as a full disk.
            var cause = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "x"));
            Assert.Equal(VideoOutputProblem.DiskFull, new VideoDestination(Path.Combine(Path.GetTempPath(), "xvideo-none.mp4"), ".mp4", false, true).Explain(cause).Problem);
            return;
        }

        File.WriteAllBytes(small["ballast"], new byte[16 * 1024]);
        var error = Assert.Throws<VideoOutputException>(() => VideoWriter.CheckDestination(small["a.mp4"], VideoFormat.Mp4, overwrite: false));
        Assert.Equal(VideoOutputProblem.DiskFull, error.Problem);
        Assert.Equal(["ballast"], small.Names);
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    public void Writer_FfmpegKilledInTheMiddle_SaysSoAndLeavesNothing(VideoFormat format)
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], format, Side, Side, 16, VideoMetadata.FromJson("""{"a":1}"""));
        writer.WriteFrame(Clip.Noise(Side, Side, 0));
        using (var ffmpeg = Process.GetProcessById(((FfmpegVideoWriter)writer).ProcessId))
        {
            ffmpeg.Kill();
        }

        var error = Within(Patience, () => Assert.Throws<FfmpegException>(() =>
        {
            for (var i = 1; i < 100; i++)
            {
                writer.WriteFrame(Clip.Noise(Side, Side, i));
            }

            writer.Complete();
        }));
        Assert.Equal(137, error.ExitCode);
        Assert.Contains("killed by signal 9 (SIGKILL)", error.Message);
        Assert.Contains("frames", error.Message);
        Assert.Empty(folder.Names);
        Assert.Throws<ObjectDisposedException>(() => writer.WriteFrame(Clip.Noise(Side, Side, 0)));
    }

    [Fact]
    public void Writer_FfmpegKilledBeforeComplete_SaysSo()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, 16, 16, 16);
        writer.WriteFrame(Clip.Gradient(16, 16, 0));
        using (var ffmpeg = Process.GetProcessById(((FfmpegVideoWriter)writer).ProcessId))
        {
            ffmpeg.Kill();
        }

        Assert.Equal(137, Within(Patience, () => Assert.Throws<FfmpegException>(() => writer.Complete())).ExitCode);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Writer_FfmpegFails_ItsLastLinesAreInTheMessage()
    {
        using var folder = new TestFolder();
        using var output = new TestFolder();
        folder.Script("ffprobe", "exit 0");
        // More words than a pipe holds: they must be drained while frames are written.
        var program = folder.Script("ffmpeg",
            "[ \"$1\" = -version ] && { echo 'ffmpeg version 5.1.9'; exit 0; }; " +
            "head -c 300000 /dev/zero | tr '\\0' 'w' | fold -w 100 >&2; cat > /dev/null; echo 'codec fell over' >&2; exit 69");
        using var writer = VideoWriter.Create(output["a.mp4"], VideoFormat.Mp4, Side, Side, 16, options: new VideoEncoderOptions { FfmpegPath = program });
        var error = Within(Patience, () =>
        {
            writer.WriteFrame(Clip.Noise(Side, Side, 0));
            return Assert.Throws<FfmpegException>(() => writer.Complete());
        });
        Assert.Equal(69, error.ExitCode);
        Assert.EndsWith("codec fell over", error.Message);
        Assert.Contains("after 1 frames", error.Message);
        Assert.Empty(output.Names);
    }

    [Fact]
    public void Writer_FfmpegEndsWellWithoutAFile_IsAnError()
    {
        using var folder = new TestFolder();
        using var output = new TestFolder();
        folder.Script("ffprobe", "exit 0");
        var program = folder.Script("ffmpeg", "[ \"$1\" = -version ] && { echo 'ffmpeg version 5.1.9'; exit 0; }; cat > /dev/null");
        var options = new VideoEncoderOptions { FfmpegPath = program };
        Assert.Throws<FfmpegException>(() => Clip.Write(output["a.mp4"], VideoFormat.Mp4, 16, 16, Clip.Gradients(16, 16, 2), options: options));
        Assert.Empty(output.Names);
    }

    [Fact]
    public void Writer_OutputFolderVanishes_IsAClearError()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["gone"]);
        using var writer = VideoWriter.Create(folder["gone/a.png"], VideoFormat.Png, 16, 16, 16);
        writer.WriteFrame(Clip.Gradient(16, 16, 0));
        Directory.Delete(folder["gone"], recursive: true);
        Assert.Throws<VideoOutputException>(() => writer.WriteFrame(Clip.Gradient(16, 16, 1)));
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.WebP)]
    [InlineData(VideoFormat.Png)]
    public void Writer_DisposedWithoutComplete_LeavesNothing(VideoFormat format)
    {
        using var folder = new TestFolder();
        var processId = 0;
        using (var writer = VideoWriter.Create(folder["a"], format, 64, 64, 16, VideoMetadata.FromJson("""{"a":1}""")))
        {
            writer.WriteFrame(Clip.Noise(64, 64, 0));
            processId = (writer as FfmpegVideoWriter)?.ProcessId ?? 0;
            Assert.DoesNotContain("a", folder.Names);
        }

        Assert.Empty(folder.Names);
        AssertGone(processId);
    }

    [Fact]
    public void Writer_CancelledWhileFfmpegHangs_EndsIt()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, Side, Side, 16);
        var processId = ((FfmpegVideoWriter)writer).ProcessId;
        Assert.Equal(0, TestFolder.Shell($"kill -STOP {processId}"));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Within(Patience, () => Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                writer.WriteFrame(Clip.Noise(Side, Side, i), cancellation.Token);
            }
        }));
        Assert.Empty(folder.Names);
        AssertGone(processId);
    }

    [Fact]
    public void Writer_InterruptReachesFfmpegFirst_CountsAsCancelled()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, Side, Side, 16);
        writer.WriteFrame(Clip.Noise(Side, Side, 0));
        using var cancellation = new CancellationTokenSource();
        // The second signal makes ffmpeg give up even if the first came before it had installed its handler.
        TestFolder.Shell($"kill -INT {((FfmpegVideoWriter)writer).ProcessId}; sleep 0.1; kill -INT {((FfmpegVideoWriter)writer).ProcessId}");
        // A thread of its own: a timer waits for the thread pool, which the other tests keep busy.
        new Thread(() =>
        {
            Thread.Sleep(200);
            cancellation.Cancel();
        }).Start();
        Within(Patience, () => Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            for (var i = 1; i < 100; i++)
            {
                writer.WriteFrame(Clip.Noise(Side, Side, i), cancellation.Token);
            }

            writer.Complete(cancellation.Token);
        }));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Writer_CompleteCancelledWhileFfmpegHangs_EndsIt()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, 16, 16, 16);
        writer.WriteFrame(Clip.Gradient(16, 16, 0));
        var processId = ((FfmpegVideoWriter)writer).ProcessId;
        Assert.Equal(0, TestFolder.Shell($"kill -STOP {processId}"));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Within(Patience, () => Assert.ThrowsAny<OperationCanceledException>(() => writer.Complete(cancellation.Token)));
        Assert.Empty(folder.Names);
        AssertGone(processId);
    }

    [Fact]
    public void Writer_NoFrames_IsAnErrorAndLeavesNothing()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, 16, 16, 16);
        Assert.Contains("No frames", Assert.Throws<InvalidOperationException>(() => writer.Complete()).Message);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Writer_FrameOfWrongLength_SaysGotAndNeeded()
    {
        using var folder = new TestFolder();
        using var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, 16, 16, 16);
        var error = Assert.Throws<ArgumentException>(() => writer.WriteFrame(new byte[16 * 16 * 4]));
        Assert.Contains("1024", error.Message);
        Assert.Contains("768", error.Message);
    }

    [Theory]
    [InlineData(0, 16, 18, "medium", "0x16")]
    [InlineData(16, 16384, 18, "medium", "16x16384")]
    [InlineData(16, 16, 52, "medium", "52")]
    [InlineData(16, 16, 18, "turbo", "turbo")]
    public void Writer_SettingOutOfRange_SaysWhich(int width, int height, int crf, string preset, string expected)
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<ArgumentException>(() => VideoWriter.Create(
            folder["a.mp4"], VideoFormat.Mp4, width, height, 16, options: new VideoEncoderOptions { Crf = crf, Preset = preset }));
        Assert.Contains(expected, error.Message);
    }

    private static void FullByFileSizeLimit(VideoFormat format, IReadOnlyList<byte[]> frames, VideoMetadata? metadata, long kilobytes)
    {
        using var folder = new TestFolder();
        using var output = new TestFolder();
        var real = Ffmpeg.Find();
        if (format == VideoFormat.Png)
        {
            // No other program writes PNG frames, so no limit can be put on one: the error of the full device is checked instead.
            var cause = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "x"));
            Assert.Equal(VideoOutputProblem.DiskFull, new VideoDestination(output["v"], ".png", true, false).Explain(cause).Problem);
            return;
        }

        // ulimit counts in blocks of 512 bytes.
        var program = folder.Script("ffmpeg", $"ulimit -f {kilobytes * 2}; exec '{real.FfmpegPath}' \"$@\"");
        File.CreateSymbolicLink(folder["ffprobe"], real.FfprobePath);
        var error = Assert.Throws<VideoOutputException>(() => Clip.Write(
            output["v"], format, Side, Side, frames, metadata: metadata, options: new VideoEncoderOptions { FfmpegPath = program }));
        Assert.Equal(VideoOutputProblem.DiskFull, error.Problem);
        Assert.Empty(output.Names);
    }

    private static T Within<T>(TimeSpan limit, Func<T> action)
    {
        var task = Task.Run(action);
        Assert.True(Task.WhenAny(task, Task.Delay(limit)).Result == task, $"still busy after {limit.TotalSeconds} s");
        return task.GetAwaiter().GetResult();
    }

    private static void AssertGone(int processId) =>
        Assert.False(processId != 0 && Directory.Exists($"/proc/{processId}"), $"process {processId} is still there");
}
