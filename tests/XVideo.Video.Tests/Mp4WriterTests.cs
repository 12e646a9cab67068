namespace XVideo.Video.Tests;

public class Mp4WriterTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 24000 / 1001.0)]
    [InlineData(33, 16)]
    [InlineData(33, 12.5)]
    [InlineData(81, 60)]
    public void Mp4_AnyLength_HasExactlyItsFramesAndRate(int frames, double rate)
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 64, 48, Clip.Gradients(64, 48, frames), rate);
        var info = VideoProbe.Read(folder["a.mp4"]);
        Assert.Equal((64, 48, frames), (info.Width, info.Height, info.FrameCount));
        Assert.Equal(rate, info.FrameRate!.Value, 9);
        Assert.Equal(frames / rate, info.Duration!.Value.TotalSeconds, 3);
        Assert.Equal(("h264", "yuv420p", "bt709", "tv"), (info.Codec, info.PixelFormat, info.ColorMatrix, info.ColorRange));
        Assert.Equal(frames, VideoReader.ReadFrames(folder["a.mp4"]).Count());
    }

    [Fact]
    public void Mp4_SmoothClip_DecodesToNearlyTheSameFramesInOrder()
    {
        using var folder = new TestFolder();
        var frames = Clip.Gradients(128, 96, 9);
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 128, 96, frames);
        var decoded = VideoReader.ReadFrames(folder["a.mp4"]).ToList();
        Assert.All(frames.Zip(decoded), pair => Assert.True(Clip.Psnr(pair.First, pair.Second) > 38, $"PSNR {Clip.Psnr(pair.First, pair.Second):0.0} dB"));
    }

    // A wrong matrix (BT.601 one way, BT.709 the other) moves pure green by more than 20, a wrong range by 16.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(255, 255, 255)]
    [InlineData(128, 128, 128)]
    [InlineData(255, 0, 0)]
    [InlineData(0, 255, 0)]
    [InlineData(0, 0, 255)]
    [InlineData(30, 200, 90)]
    [InlineData(250, 128, 114)]
    public void Mp4_SolidColour_ComesBackWithinThree(byte red, byte green, byte blue)
    {
        using var folder = new TestFolder();
        var frame = Clip.Solid(32, 32, red, green, blue);
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 32, 32, [frame, frame]);
        var decoded = VideoReader.ReadFrames(folder["a.mp4"]).First();
        Assert.InRange(Clip.LargestDifference(frame, decoded), 0, 3);
    }

    [Fact]
    public void Mp4_Green_IsStoredWithTheBt709Luma()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 32, 32, [Clip.Solid(32, 32, 0, 255, 0)]);
        // Y of pure green: 16 + 219 · 0.7152 = 172.6 in BT.709, 16 + 219 · 0.587 = 144.6 in BT.601.
        var ffmpeg = Ffmpeg.Find();
        TestFolder.Shell($"'{ffmpeg.FfmpegPath}' -nostdin -v error -i '{folder["a.mp4"]}' -f rawvideo -pix_fmt yuv420p '{folder["a.yuv"]}'");
        Assert.InRange(File.ReadAllBytes(folder["a.yuv"])[0], 171, 174);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(33, 17)]
    [InlineData(34, 17)]
    [InlineData(33, 18)]
    public void Mp4_OddSize_RepeatsTheEdgeAndSaysSo(int width, int height)
    {
        using var folder = new TestFolder();
        var frame = Clip.Gradient(width, height, 0);
        using (var writer = VideoWriter.Create(folder["a.mp4"], VideoFormat.Mp4, width, height, 16, options: new VideoEncoderOptions { Crf = 1 }))
        {
            Assert.Equal((width + width % 2, height + height % 2), (writer.EncodedWidth, writer.EncodedHeight));
            writer.WriteFrame(frame);
            writer.Complete();
        }

        var info = VideoProbe.Read(folder["a.mp4"]);
        Assert.Equal((width + width % 2, height + height % 2), (info.Width, info.Height));
        var decoded = VideoReader.ReadFrames(folder["a.mp4"]).Single();
        for (var y = 0; y < info.Height; y++)
        {
            for (var x = 0; x < info.Width; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    var expected = frame[(Math.Min(y, height - 1) * width + Math.Min(x, width - 1)) * 3 + c];
                    Assert.InRange(decoded[(y * info.Width + x) * 3 + c] - expected, -16, 16);
                }
            }
        }
    }

    [Fact]
    public void Mp4_IndexComesBeforeTheMediaData()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 64, 48, Clip.Gradients(64, 48, 5));
        var bytes = File.ReadAllBytes(folder["a.mp4"]).AsSpan();
        Assert.InRange(bytes.IndexOf("moov"u8), 1, bytes.IndexOf("mdat"u8));
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.WebP)]
    public void Writer_SameFramesTwice_GivesTheSameBytes(VideoFormat format)
    {
        using var folder = new TestFolder();
        var metadata = VideoMetadata.FromJson("""{"prompt":"twice","seed":7}""");
        // Tall enough for x264 to use all its threads, long enough for several groups of frames in flight.
        var (width, height) = format == VideoFormat.Mp4 ? (192, 320) : (48, 64);
        var frames = Clip.Gradients(width, height, 16);
        Clip.Write(folder["a"], format, width, height, frames, metadata: metadata);
        Clip.Write(folder["b"], format, width, height, frames, metadata: metadata);
        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public async Task Writer_TwoAtOnce_BothSucceed()
    {
        using var folder = new TestFolder();
        var tasks = Enumerable.Range(0, 2).Select(n => Task.Run(() =>
            Clip.Write(folder[$"{n}.mp4"], VideoFormat.Mp4, 64, 48, Clip.Gradients(64, 48, 10 + n)))).ToArray();
        await Task.WhenAll(tasks);
        Assert.Equal(["0.mp4", "1.mp4"], folder.Names);
        Assert.Equal(10, VideoProbe.Read(folder["0.mp4"]).FrameCount);
        Assert.Equal(11, VideoProbe.Read(folder["1.mp4"]).FrameCount);
    }

    [Theory]
    [InlineData("a:b %d 'quote' $HOME ; rm.mp4")]
    [InlineData("-i.mp4")]
    [InlineData("ünï日本🎬.mp4")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.mp4")]
    public void Mp4_AwkwardFileName_IsWrittenAndRead(string name)
    {
        using var folder = new TestFolder();
        var metadata = VideoMetadata.FromJson("""{"a":1}""");
        Clip.Write(folder[name], VideoFormat.Mp4, 16, 16, [Clip.Gradient(16, 16, 0)], metadata: metadata);
        Assert.Equal([name], folder.Names);
        Assert.Single(VideoReader.ReadFrames(folder[name]));
        Assert.Equal(metadata, VideoMetadata.Read(folder[name]));
    }
}
