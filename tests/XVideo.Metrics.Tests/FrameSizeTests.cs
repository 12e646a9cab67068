namespace XVideo.Metrics.Tests;

public sealed class FrameSizeTests
{
    [Fact]
    public void FrameSize_Values_AreKept()
    {
        var size = new FrameSize(832, 480);
        Assert.Equal((832, 480, 480, 1_198_080, "832x480"), (size.Width, size.Height, size.ShortSide, size.SizeInBytes, size.ToString()));
    }

    [Theory]
    [InlineData(0, 10, "width of a frame is 0;")]
    [InlineData(-3, 10, "width of a frame is -3;")]
    [InlineData(10, 0, "height of a frame is 0;")]
    [InlineData(10, FrameSize.LongestSide + 1, "height of a frame is 16385; it must be 1 to 16384 pixels")]
    public void FrameSize_OutOfRange_IsRefusedWithTheValue(int width, int height, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => new FrameSize(width, height)).Message);
}
