using System.Diagnostics;
using System.Runtime.CompilerServices;
using XVideo.Metrics.Fidelity;
using XVideo.Video;

namespace XVideo.Metrics.Tests;

public sealed class ClipComparisonTests : IDisposable
{
    private static readonly FrameSize Size = new(32, 24);

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-metrics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Measure_Frames_PairsThemByIndexAndMeasuresBothClips()
    {
        var (gray, light) = (TestFrames.Solid(Size, 100), TestFrames.Solid(Size, 110));
        var scores = ClipComparison.Measure(Size, [gray, light, gray], [gray, gray, gray]);
        Assert.Equal([0, 10, 0], scores.Fidelity.Frames.Select(frame => frame.MeanAbsoluteDifference));
        Assert.Equal((2, 10.0, 0.0), (scores.Fidelity.InfFrames, scores.Video!.MeanFrameDifference, scores.Reference!.MeanFrameDifference));
        Assert.Null(scores.Fidelity.MsSsim);
    }

    [Fact]
    public void Measure_OneFrame_HasNoTemporalScores()
    {
        var scores = ClipComparison.Measure(Size, [TestFrames.Noise(Size, 1)], [TestFrames.Noise(Size, 2)]);
        Assert.Single(scores.Fidelity.Frames);
        Assert.Null(scores.Video);
        Assert.Null(scores.Reference);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(4, 3)]
    [InlineData(0, 1)]
    public void Measure_DifferentFrameCounts_IsRefusedWithBoth(int video, int reference)
    {
        byte[][] Clip(int count) => [.. Enumerable.Repeat(new byte[Size.SizeInBytes], count)];
        var problem = Assert.Throws<ClipMismatchException>(() => ClipComparison.Measure(Size, Clip(video), Clip(reference)));
        Assert.Contains($"The clip has {video} frames and its reference {reference};", problem.Message);
    }

    [Fact]
    public void Measure_NoFrames_IsRefused() =>
        Assert.Contains("Neither clip has a frame", Assert.Throws<ClipMismatchException>(() => ClipComparison.Measure(Size, [], [])).Message);

    [Fact]
    public void Measure_Cancelled_StopsBeforeTheNextFrame()
    {
        using var source = new CancellationTokenSource();
        var given = 0;
        IEnumerable<byte[]> Frames()
        {
            while (true)
            {
                if (++given == 3) source.Cancel();
                yield return new byte[Size.SizeInBytes];
            }
        }

        Assert.Throws<OperationCanceledException>(() => ClipComparison.Measure(Size, Frames(), Frames(), FidelityMetrics.None, source.Token));
        Assert.InRange(given, 3, 4);
    }

    [Fact]
    public void Measure_LongClip_KeepsNoFrames()
    {
        var frames = new List<WeakReference>();
        Consume(frames);
        GC.Collect();
        Assert.Equal(600, frames.Count);
        Assert.DoesNotContain(frames, frame => frame.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Consume(List<WeakReference> frames)
    {
        IEnumerable<byte[]> Clip(int seed)
        {
            for (var t = 0; t < 300; t++)
            {
                var frame = TestFrames.Noise(Size, 1000 * seed + t);
                frames.Add(new(frame));
                yield return frame;
            }
        }

        Assert.Equal(300, ClipComparison.Measure(Size, Clip(1), Clip(2)).Fidelity.Frames.Count);
    }

    [Fact]
    public void Measure_LosslessFile_EqualsItsFrames()
    {
        byte[][] frames = [.. Enumerable.Range(0, 3).Select(t => TestFrames.Noise(Size, t))];
        byte[][] disturbed = [.. frames.Select((frame, t) => TestFrames.Disturbed(Size, frame, 20, 50 + t))];
        var (video, reference) = (Write("video", VideoFormat.Png, 16, disturbed), Write("reference", VideoFormat.Png, 16, frames));
        var (fromFiles, fromFrames) = (ClipComparison.Measure(video, reference), ClipComparison.Measure(Size, disturbed, frames));
        Assert.Equal(fromFrames.Fidelity.Frames, fromFiles.Fidelity.Frames);
        Assert.Equal(fromFrames.Video!.FrameDifferences, fromFiles.Video!.FrameDifferences);
        Assert.Equal(fromFrames.Reference!.FrameDifferences, fromFiles.Reference!.FrameDifferences);
    }

    [Fact]
    public void Measure_FilesThatDiffer_NamesEveryDifference()
    {
        var video = Write("video.mp4", VideoFormat.Mp4, 16, [.. Enumerable.Repeat(TestFrames.Solid(new(32, 24), 9), 4)]);
        var reference = Write("reference.mp4", VideoFormat.Mp4, 24, [.. Enumerable.Repeat(TestFrames.Solid(new(32, 24), 9), 5)]);
        var problem = Assert.Throws<ClipMismatchException>(() => ClipComparison.Measure(video, reference));
        Assert.Contains("they differ in frame count (4 and 5), frames per second (16 and 24).", problem.Message);

        var wide = Write("wide.mp4", VideoFormat.Mp4, 16, [.. Enumerable.Repeat(TestFrames.Solid(new(48, 24), 9), 4)], width: 48);
        Assert.Contains("they differ in size (32x24 and 48x24).", Assert.Throws<ClipMismatchException>(() => ClipComparison.Measure(video, wide)).Message);
    }

    [Fact]
    public void Measure_TruncatedFile_IsRefusedByItsName()
    {
        var video = Write("video.mp4", VideoFormat.Mp4, 16, [.. Enumerable.Range(0, 8).Select(t => TestFrames.Noise(Size, t))]);
        var cut = Path.Combine(_folder, "cut.mp4");
        File.WriteAllBytes(cut, File.ReadAllBytes(video)[..^4000]);
        Assert.Equal(cut, Assert.Throws<VideoFileException>(() => ClipComparison.Measure(video, cut)).Path);
        Assert.Throws<VideoFileException>(() => ClipComparison.Measure(video, Path.Combine(_folder, "absent.mp4")));
    }

    [Fact]
    public void Measure_TenBitsAndTransparency_AreConvertedToRgbOfEightBits()
    {
        Generate("ten.mp4", "testsrc=size=192x176:rate=8:duration=0.5,format=yuv420p10le", "-c:v", "libx264", "-crf", "0");
        Generate("eight.mp4", "testsrc=size=192x176:rate=8:duration=0.5,format=yuv420p", "-c:v", "libx264", "-crf", "0");
        var scores = ClipComparison.Measure(Path.Combine(_folder, "ten.mp4"), Path.Combine(_folder, "eight.mp4")).Fidelity;
        Assert.Equal(4, scores.Frames.Count);
        Assert.InRange(scores.MeanAbsoluteDifference, 0, 2);
        Assert.NotNull(scores.MsSsim);

        // The colour under a transparency of 70 % counts whole.
        Generate("glass.png", "color=0x203040@0.3:size=16x16,format=rgba", "-frames:v", "1");
        byte[] color = [0x20, 0x30, 0x40];
        var opaque = TestFrames.Of(new(16, 16), (_, _, c) => color[c]);
        Assert.Equal(opaque, Assert.Single(VideoReader.ReadFrames(Path.Combine(_folder, "glass.png"))));
    }

    private void Generate(string name, string source, params string[] options)
    {
        string[] arguments = ["-v", "error", "-f", "lavfi", "-i", source, .. options, Path.Combine(_folder, name)];
        using var process = Process.Start(Ffmpeg.Find().FfmpegPath, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Write(string name, VideoFormat format, double frameRate, byte[][] frames, int width = 32)
    {
        var path = Path.Combine(_folder, name);
        using var writer = VideoWriter.Create(path, format, width, 24, frameRate);
        foreach (var frame in frames)
        {
            writer.WriteFrame(frame);
        }

        writer.Complete();
        return path;
    }
}
