using FsCheck;
using FsCheck.Fluent;
using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class FrameTransformsTests
{
    [Theory]
    [InlineData(129, 16, "3 11 19 27 35 43 51 59 67 75 83 91 99 107 115 124")]
    [InlineData(5, 8, "0 1 2 3 4 4 4 4")]
    [InlineData(1, 3, "0 0 0")]
    [InlineData(10, 3, "1 4 7")]
    public void Middle_OfAClip_PicksTheIntervalsMiddles(int frames, int count, string expected) =>
        Assert.Equal(expected, string.Join(' ', FrameSampling.Middle(frames, count)));

    [Fact]
    public void Middle_OfAnyClip_AscendsWithinIt() => Prop.ForAll(Gen.Choose(1, 300).Two().ToArbitrary(), sizes =>
    {
        var picked = FrameSampling.Middle(sizes.Item1, sizes.Item2);
        Assert.Equal(sizes.Item2, picked.Length);
        Assert.All(picked.Zip(picked.Skip(1)), pair => Assert.True(pair.First < pair.Second || pair.Second == sizes.Item1 - 1));
        Assert.All(picked, frame => Assert.InRange(frame, 0, sizes.Item1 - 1));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Middle_OfNoFrames_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => FrameSampling.Middle(0, 4));

    [Theory]
    [InlineData(720, 1280, 224, 398)]
    [InlineData(1280, 720, 398, 224)]
    [InlineData(480, 832, 224, 388)]
    [InlineData(64, 64, 224, 224)]
    public void ShortSide_OfASize_CutsTheLongSide(int height, int width, int newHeight, int newWidth) =>
        Assert.Equal((newHeight, newWidth), FrameTransforms.ShortSide(height, width, 224));

    [Theory]
    [InlineData(398, 224, 87)]
    [InlineData(225, 224, 0)]
    [InlineData(227, 224, 2)]
    [InlineData(229, 224, 2)]
    public void CropStart_OfAHalf_RoundsToEven(int size, int crop, int expected) => Assert.Equal(expected, FrameTransforms.CropStart(size, crop));

    [Fact]
    public void CenterCrop_OfASmallerImage_IsRefused()
    {
        using var image = zeros([1, 3, 20, 40]);
        Assert.Contains("24x24 does not fit into 40x20", Assert.Throws<ArgumentException>(() => FrameTransforms.CenterCrop(image, 24)).Message);
    }

    [Fact]
    public void FromRgb24_OfTwoFrames_SeparatesTheChannels()
    {
        using var scope = NewDisposeScope();
        var rgb = Enumerable.Range(0, 2 * 2 * 3 * 3).Select(i => (byte)i).ToArray();
        var frames = FrameTransforms.FromRgb24(rgb, 2, 2, 3, CPU);
        Assert.Equal([2, 3, 2, 3], frames.shape);
        // Frame 1, green, row 1, column 2.
        Assert.Equal(18 + 9 + 6 + 1, frames.select(0, 1).select(0, 1).select(0, 1).select(0, 2).item<byte>());
        Assert.Contains("have 36 bytes of RGB, got 35", Assert.Throws<ArgumentException>(() => FrameTransforms.FromRgb24(rgb.AsSpan(1), 2, 2, 3, CPU)).Message);
    }

    [Fact]
    public void ForDino_OfAWideFrame_KeepsTheAspectAndNormalises()
    {
        using var scope = NewDisposeScope();
        var prepared = FrameTransforms.ForDino(full([1, 3, 72, 128], 51, uint8));
        Assert.Equal([1, 3, 224, 398], prepared.shape);
        Assert.Equal((0.2 - 0.485) / 0.229, prepared.select(1, 0).min().item<float>(), 1e-5);
        Assert.Equal((0.2 - 0.406) / 0.225, prepared.select(1, 2).max().item<float>(), 1e-5);
    }

    [Fact]
    public void ForClip_ThroughEitherResize_GivesASquare()
    {
        using var scope = NewDisposeScope();
        var expected = (0.2 - 0.48145466) / 0.26862954;
        foreach (var prepared in new[]
        {
            FrameTransforms.ForClip(full([1, 3, 72, 128], 51, uint8)),
            FrameTransforms.ForClipThroughPillow(Enumerable.Repeat((byte)51, 72 * 128 * 3).ToArray(), 72, 128, CPU),
        })
        {
            Assert.Equal([1, 3, 224, 224], prepared.shape);
            Assert.Equal(expected, prepared.select(1, 0).min().item<float>(), 1e-5);
            Assert.Equal(expected, prepared.select(1, 0).max().item<float>(), 1e-5);
        }
    }
}
