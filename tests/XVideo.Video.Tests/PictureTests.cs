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
    public void ContactSheetRows_TwoClips_StandUnderTheirCaptions()
    {
        using var folder = new TestFolder();
        byte[] red = Clip.Solid(20, 8, 200, 0, 0), blue = Clip.Solid(20, 8, 0, 0, 200);
        ContactSheet.WriteRows(folder["s.png"], [new SheetRow("jug, 7", [red, red]), new SheetRow("", [blue])], 20, 8, gap: 3);

        var info = VideoProbe.Read(folder["s.png"]);
        Assert.Equal((3 + 2 * 23, 3 + 2 * (SmallLetters.Height + 8 + 6)), (info.Width, info.Height));
        var sheet = VideoReader.ReadFrames(folder["s.png"]).Single();
        byte[] At(int x, int y) => sheet[((y * info.Width + x) * 3)..][..3];
        Assert.Equal([200, 0, 0], At(3, 16));
        Assert.Equal([200, 0, 0], At(45, 23));
        Assert.Equal([255, 255, 255], At(24, 20));
        Assert.Equal([0, 0, 200], At(22, 47));
        Assert.Equal([255, 255, 255], At(26, 47));
        // A caption has ink, an empty one none.
        int Ink(int top) => Enumerable.Range(0, info.Width * SmallLetters.Height).Count(i => At(i % info.Width, top + i / info.Width)[0] < 255);
        Assert.InRange(Ink(3), 100, 300);
        Assert.Equal(0, Ink(27));
    }

    [Fact]
    public void ContactSheetRows_WebP_ShowsTheSame()
    {
        using var folder = new TestFolder();
        ContactSheet.WriteRows(folder["s.webp"], [new SheetRow("jug", [Clip.Solid(40, 30, 200, 0, 0)])], 40, 30);

        Assert.Equal("WEBP"u8, File.ReadAllBytes(folder["s.webp"]).AsSpan(8, 4));
        var info = VideoProbe.Read(folder["s.webp"]);
        var centre = VideoReader.ReadFrames(folder["s.webp"]).Single()[(((info.Height - 20) * info.Width + info.Width / 2) * 3)..][..3];
        Assert.InRange(centre[0], 185, 215);
        Assert.InRange(Math.Max(centre[1], centre[2]), 0, 20);
        Assert.Equal(["s.webp"], folder.Names);
    }

    [Fact]
    public void ContactSheetRows_NothingToShow_IsRefused()
    {
        using var folder = new TestFolder();
        Assert.Throws<ArgumentException>(() => ContactSheet.WriteRows(folder["s.png"], [], 6, 4));
        Assert.Contains("1 of them without frames", Assert.Throws<ArgumentException>(() => ContactSheet.WriteRows(folder["s.png"], [new SheetRow("a", [])], 6, 4)).Message);
        Assert.Contains("Frame 0 of row 0 has 5 bytes", Assert.Throws<ArgumentException>(() => ContactSheet.WriteRows(folder["s.png"], [new SheetRow("a", [new byte[5]])], 6, 4)).Message);
        Assert.Empty(folder.Names);
    }

    [Theory]
    [InlineData(-9, -9)]
    [InlineData(12, 8)]
    [InlineData(100, 0)]
    public void SmallLetters_PartlyOutside_AreCut(int left, int top)
    {
        var picture = new byte[16 * 12 * 3];
        Assert.Equal(left + 2 * 8, SmallLetters.Draw(picture, 16, left, top, "WM", [9, 8, 7]));
        var lit = Enumerable.Range(0, 16 * 12).Where(i => picture[3 * i] != 0).ToArray();
        Assert.All(lit, i => Assert.True(i % 16 >= left && i / 16 >= top, $"pixel {i % 16},{i / 16}"));
        Assert.Equal(left < 16, lit.Length > 0);
    }

    [Fact]
    public void Thumbnail_Shrinking_TakesTheMeanOfEachArea()
    {
        byte[] picture = [.. Enumerable.Range(0, 6).SelectMany(x => new[] { (byte)(x * 10), (byte)0, (byte)255 })];
        Assert.Equal([10, 0, 255, 40, 0, 255], Thumbnail.Shrink(picture, 6, 1, 2, 1));
        // 0, 10 and half of 20 over two and a half.
        Assert.Equal([8, 0, 255], Thumbnail.Shrink(picture[..15], 5, 1, 2, 1)[..3]);
        Assert.Equal(picture, Thumbnail.Shrink(picture, 6, 1, 6, 1));
        Assert.Equal(Clip.Solid(7, 5, 9, 99, 200), Thumbnail.Shrink(Clip.Solid(100, 75, 9, 99, 200), 100, 75, 7, 5));
        Assert.Contains("cannot be shrunk to 7x1", Assert.Throws<ArgumentException>(() => Thumbnail.Shrink(picture, 6, 1, 7, 1)).Message);
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
