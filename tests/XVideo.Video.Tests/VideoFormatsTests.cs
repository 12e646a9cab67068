namespace XVideo.Video.Tests;

public class VideoFormatsTests
{
    [Theory]
    [InlineData("a.mp4", VideoFormat.Mp4)]
    [InlineData("/x/A.B.GIF", VideoFormat.Gif)]
    [InlineData("x.webp", VideoFormat.WebP)]
    [InlineData("x.png", VideoFormat.Png)]
    [InlineData("frames/", VideoFormat.Png)]
    public void Infer_KnownExtension_ChoosesTheFormat(string path, VideoFormat expected) => Assert.Equal(expected, VideoFormats.Infer(path));

    [Theory]
    [InlineData("a.avi", "\".avi\"")]
    [InlineData("video", "no extension")]
    [InlineData("video.", "no extension")]
    public void Infer_UnknownExtension_ListsTheAllowedOnes(string path, string got)
    {
        var error = Assert.Throws<ArgumentException>(() => VideoFormats.Infer(path));
        Assert.Contains(got, error.Message);
        Assert.Contains(".mp4, .gif, .webp, .png", error.Message);
    }

    [Fact]
    public void Parse_UnknownName_ListsTheAllowedOnes()
    {
        Assert.Equal(VideoFormat.WebP, VideoFormats.Parse(" WebP "));
        var error = Assert.Throws<ArgumentException>(() => VideoFormats.Parse("mov"));
        Assert.Contains("\"mov\"", error.Message);
        Assert.Contains("mp4, gif, webp, png", error.Message);
    }
}
