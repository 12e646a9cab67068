using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class OpenCvResamplerTests
{
    [Theory]
    [InlineData(30, 53, 25, 44)]
    [InlineData(21, 34, 41, 66)]
    [InlineData(40, 60, 20, 30)]   // exactly half: OpenCV takes another way
    public void Bilinear_OfBytes_EqualsOpenCv(int height, int width, int newHeight, int newWidth)
    {
        using var scope = NewDisposeScope();
        var resized = OpenCvResampler.Bilinear(Tier2Frames.Bytes(Tier2Frames.Window(height, width)).bytes, 3, height, width, newHeight, newWidth);
        Assert.Equal(Tier2Frames.Reference($"opencv_{newHeight}x{newWidth}"), resized.Select(value => (float)value));
    }

    [Fact]
    public void Bilinear_OfTooFewBytes_IsRefused() =>
        Assert.Contains("have 600 bytes, got 599", Assert.Throws<ArgumentException>(() => OpenCvResampler.Bilinear(new byte[599], 3, 10, 20, 5, 5)).Message);
}
