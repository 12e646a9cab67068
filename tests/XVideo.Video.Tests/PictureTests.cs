namespace XVideo.Video.Tests;

public class PictureTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(320, 3)]
    public void StillImage_AnyPicture_DecodesExactly(int width, int height)
    {
        using var folder = new TestFolder();
        foreach (var picture in new[] { Clip.Noise(width, height, 3), Clip.Gradient(width, height, 1), Clip.Solid(width, height, 9, 8, 7) })
        {
            StillImage.WritePng(folder["a.png"], width, height, picture);
            Assert.Equal(picture, VideoReader.ReadFrames(folder["a.png"]).Single());
            Assert.Equal(File.ReadAllBytes(folder["a.png"]), StillImage.EncodePng(width, height, picture));
        }

        Assert.Equal(["a.png"], folder.Names);
    }

    [Fact]
    public void StillImage_WrongLength_SaysGotAndNeeded() =>
        Assert.Contains("12 bytes; rgb24 needs 48", Assert.Throws<ArgumentException>(() => StillImage.EncodePng(4, 4, new byte[12])).Message);

    [Theory]
    [InlineData(81, 5, new[] { 0, 20, 40, 60, 80 })]
    [InlineData(3, 8, new[] { 0, 1, 2 })]
    [InlineData(9, 1, new[] { 0 })]
    [InlineData(9, 2, new[] { 0, 8 })]
    public void ContactSheet_Selection_IsEvenAndKeepsBothEnds(int total, int count, int[] expected) =>
        Assert.Equal(expected, ContactSheet.SelectIndices(total, count));

    [Fact]
    public void ContactSheet_Frames_LieInReadingOrderOnWhite()
    {
        using var folder = new TestFolder();
        List<byte[]> frames = [.. Enumerable.Range(0, 5).Select(i => Clip.Solid(6, 4, (byte)(i * 40), 0, 0))];
        ContactSheet.Write(folder["s.png"], frames, 6, 4, columns: 3, gap: 2);
        var info = VideoProbe.Read(folder["s.png"]);
        Assert.Equal((2 + 3 * 8, 2 + 2 * 6), (info.Width, info.Height));
        var sheet = VideoReader.ReadFrames(folder["s.png"]).Single();
        byte[] At(int x, int y) => sheet[((y * info.Width + x) * 3)..][..3];
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal([(byte)(i * 40), 0, 0], At(2 + i % 3 * 8, 2 + i / 3 * 6));
            Assert.Equal([(byte)(i * 40), 0, 0], At(7 + i % 3 * 8, 5 + i / 3 * 6));
        }

        Assert.Equal([255, 255, 255], At(0, 0));
        Assert.Equal([255, 255, 255], At(20, 9));
    }

    [Fact]
    public void ContactSheet_FromVideo_ShowsItsFrames()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 32, 24, Clip.Gradients(32, 24, 20));
        ContactSheet.WriteFromVideo(folder["s.png"], folder["a.mp4"], columns: 4, count: 6);
        var info = VideoProbe.Read(folder["s.png"]);
        Assert.Equal((4 + 4 * 36, 4 + 2 * 28), (info.Width, info.Height));
    }

    [Fact]
    public void ContactSheet_NothingToShow_IsRefused()
    {
        using var folder = new TestFolder();
        Assert.Throws<ArgumentException>(() => ContactSheet.Write(folder["s.png"], [], 6, 4));
        Assert.Throws<ArgumentException>(() => ContactSheet.Write(folder["s.png"], [new byte[72]], 6, 4, columns: 0));
        Assert.Contains("Frame 0 has 5 bytes", Assert.Throws<ArgumentException>(() => ContactSheet.Write(folder["s.png"], [new byte[5]], 6, 4)).Message);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void ReadFrames_StoppedEarly_EndsTheDecoder()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 64, 64, Clip.Gradients(64, 64, 60));
        Assert.Equal(2, VideoReader.ReadFrames(folder["a.mp4"]).Take(2).Count());
        Assert.DoesNotContain(Children(), command => command.Contains(folder["a.mp4"]));
    }

    [Fact]
    public void ReadFrames_Cancelled_Throws()
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 64, 64, Clip.Gradients(64, 64, 60));
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var frame in VideoReader.ReadFrames(folder["a.mp4"], cancellationToken: cancellation.Token))
            {
                Assert.Equal(64 * 64 * 3, frame.Length);
                cancellation.Cancel();
            }
        });
    }

    private static string[] Children() =>
    [
        .. Directory.GetDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _))
            .Select(p => { try { return File.ReadAllText(p + "/cmdline"); } catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; } }),
    ];
}
