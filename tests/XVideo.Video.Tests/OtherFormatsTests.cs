using System.Buffers.Binary;

namespace XVideo.Video.Tests;

public class OtherFormatsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void Gif_Clip_KeepsFramesSizeAndColours(int count)
    {
        using var folder = new TestFolder();
        var frames = Clip.Gradients(65, 33, count);
        Clip.Write(folder["a.gif"], VideoFormat.Gif, 65, 33, frames, 12.5, VideoMetadata.FromJson("""{"prompt":"ball"}"""));
        Assert.Equal(["a.gif"], folder.Names);
        var info = VideoProbe.Read(folder["a.gif"]);
        Assert.Equal((65, 33, count, "gif"), (info.Width, info.Height, info.FrameCount, info.Codec));
        if (count == 1)
        {
            Assert.Null(info.Duration);
        }
        else
        {
            Assert.Equal(count / 12.5, info.Duration!.Value.TotalSeconds, 1);
        }

        var decoded = VideoReader.ReadFrames(folder["a.gif"]).ToList();
        Assert.Equal(count, decoded.Count);
        Assert.All(frames.Zip(decoded), pair => Assert.True(Clip.Psnr(pair.First, pair.Second) > 24, $"PSNR {Clip.Psnr(pair.First, pair.Second):0.0} dB"));
        Assert.True(File.ReadAllBytes(folder["a.gif"]).AsSpan().IndexOf("NETSCAPE2.0\x03\x01\0\0\0"u8) > 0, "no endless loop");
    }

    [Fact]
    public void Gif_IdenticalFrames_AreAllCounted()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.gif"], VideoFormat.Gif, 16, 16, Enumerable.Repeat(Clip.Solid(16, 16, 200, 30, 40), 6));
        Assert.Equal(6, VideoReader.ReadFrames(folder["a.gif"]).Count());
        Assert.Equal(6, VideoProbe.Read(folder["a.gif"]).FrameCount);
    }

    [Fact]
    public void Gif_RateAboveFifty_IsRefused()
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<ArgumentException>(() => VideoWriter.Create(folder["a.gif"], VideoFormat.Gif, 16, 16, 60));
        Assert.Contains("60", error.Message);
        Assert.Contains("at most 50", error.Message);
    }

    [Fact]
    public void WebP_Clip_LoopsWithItsFramesAndDurations()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.webp"], VideoFormat.WebP, 65, 33, Clip.Gradients(65, 33, 10), 16, VideoMetadata.FromJson("""{"prompt":"ball"}"""));
        var info = VideoProbe.Read(folder["a.webp"]);
        Assert.Equal((65, 33, 10, "webp"), (info.Width, info.Height, info.FrameCount, info.Codec));
        Assert.Equal(16, info.FrameRate!.Value, 0);
        var bytes = File.ReadAllBytes(folder["a.webp"]);
        var loop = bytes.AsSpan(bytes.AsSpan().IndexOf("ANIM"u8) + 12, 2);
        Assert.Equal(0, BinaryPrimitives.ReadInt16LittleEndian(loop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WebP_FirstFrame_DecodesToTheColoursGiven(bool withMetadata)
    {
        using var folder = new TestFolder();
        var frame = Clip.Gradient(64, 48, 0);
        var metadata = withMetadata ? VideoMetadata.FromJson("""{"prompt":"ball"}""") : null;
        Clip.Write(folder["a.webp"], VideoFormat.WebP, 64, 48, [frame], metadata: metadata);
        Assert.Equal(1, VideoProbe.Read(folder["a.webp"]).FrameCount);
        var decoded = VideoReader.ReadFrames(folder["a.webp"]).Single();
        Assert.True(Clip.Psnr(frame, decoded) > 35, $"PSNR {Clip.Psnr(frame, decoded):0.0} dB");
    }

    [Fact]
    public void WebP_IdenticalFrames_KeepTheirTotalDuration()
    {
        using var folder = new TestFolder();
        var still = Clip.Solid(16, 16, 200, 30, 40);
        Clip.Write(folder["a.webp"], VideoFormat.WebP, 16, 16, [Clip.Gradient(16, 16, 0), still, still, still, Clip.Gradient(16, 16, 9)], 10);
        var info = VideoProbe.Read(folder["a.webp"]);
        Assert.Equal(3, info.FrameCount);
        Assert.InRange(info.Duration!.Value.TotalSeconds, 0.45, 0.65);
    }

    [Fact]
    public void WebP_Animated_IsRefusedByTheReaderWithAnAlternative()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.webp"], VideoFormat.WebP, 16, 16, Clip.Gradients(16, 16, 3));
        var error = Assert.Throws<VideoFileException>(() => VideoReader.ReadFrames(folder["a.webp"]).ToList());
        Assert.Contains("animated WebP", error.Message);
        Assert.Contains("mp4", error.Message);
    }

    [Fact]
    public void Png_Clip_IsAFolderOfExactFrames()
    {
        using var folder = new TestFolder();
        List<byte[]> frames = [.. Clip.Gradients(33, 17, 4), Clip.Noise(33, 17, 5), Clip.Solid(33, 17, 1, 2, 3)];
        Clip.Write(folder["out %d.png"], VideoFormat.Png, 33, 17, frames, metadata: VideoMetadata.FromJson("""{"seed":1}"""));
        Assert.Equal(["out %d.png"], folder.Names);
        Assert.Equal(
            ["frame_00000.png", "frame_00001.png", "frame_00002.png", "frame_00003.png", "frame_00004.png", "frame_00005.png", "metadata.json"],
            Directory.GetFiles(folder["out %d.png"]).Select(f => Path.GetFileName(f)).Order());
        Assert.Equal((33, 17, 6, "png"), VideoProbe.Read(folder["out %d.png"]) is var info ? (info.Width, info.Height, info.FrameCount, info.Codec) : default);
        var decoded = VideoReader.ReadFrames(folder["out %d.png"]).ToList();
        Assert.Equal(frames, decoded);
    }

    [Fact]
    public void Png_FolderOfFrames_IsReplacedOnlyWithOverwrite()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["f"], VideoFormat.Png, 8, 8, Clip.Gradients(8, 8, 5));
        var error = Assert.Throws<VideoOutputException>(() => VideoWriter.CheckDestination(folder["f"], VideoFormat.Png, overwrite: false));
        Assert.Equal(VideoOutputProblem.Exists, error.Problem);
        Clip.Write(folder["f"], VideoFormat.Png, 8, 8, Clip.Gradients(8, 8, 2), overwrite: true);
        Assert.Equal(2, VideoProbe.Read(folder["f"]).FrameCount);
        Assert.Equal(["f"], folder.Names);
    }

    [Fact]
    public void Png_FolderWithForeignFiles_IsNeverReplaced()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["f"]);
        File.WriteAllText(folder["f/thesis.txt"], "mine");
        var error = Assert.Throws<VideoOutputException>(() => VideoWriter.CheckDestination(folder["f"], VideoFormat.Png, overwrite: true));
        Assert.Equal(VideoOutputProblem.WrongKind, error.Problem);
        Assert.Contains("thesis.txt", error.Message);
    }

    [Fact]
    public void Png_EmptyFolder_IsUsed()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["f"]);
        Clip.Write(folder["f"] + "/", VideoFormat.Png, 8, 8, Clip.Gradients(8, 8, 2));
        Assert.Equal(2, VideoProbe.Read(folder["f"]).FrameCount);
    }

    [Fact]
    public void Png_MissingFrame_IsReportedByName()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["f"], VideoFormat.Png, 8, 8, Clip.Gradients(8, 8, 4));
        File.Delete(folder["f/frame_00002.png"]);
        Assert.Contains("frame_00002.png is missing", Assert.Throws<VideoFileException>(() => VideoProbe.Read(folder["f"])).Message);
    }
}
