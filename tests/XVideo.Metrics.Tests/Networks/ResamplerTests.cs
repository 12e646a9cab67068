using TorchSharp;
using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>Against torchvision 0.14.1 (torch 1.13.1) and Pillow 9.4.0.</summary>
public sealed class ResamplerTests
{
    private const float FloatTolerance = 5e-4f;   // of pixels to 255; torch's own float32 is 1e-4 from its float64, ours 2e-4

    [Theory]
    [InlineData("shrink", 16, 28)]
    [InlineData("grow", 41, 60)]
    public void BicubicBytes_LikeTorchvision_NoPixelDiffers(string name, int height, int width)
    {
        using var scope = NewDisposeScope();
        var resized = Resampler.BicubicBytes(NetworkData.ReferenceBytes("image"), height, width);
        Assert.Equal(NetworkData.ReferenceBytes($"bicubic_bytes_{name}").data<byte>().ToArray(), resized.data<byte>().ToArray());
    }

    [Theory]
    [InlineData("shrink", 16, 28)]
    [InlineData("grow", 41, 60)]
    public void BicubicAndBilinear_OfFloats_LikeTorchvision(string name, int height, int width)
    {
        using var scope = NewDisposeScope();
        var image = NetworkData.ReferenceBytes("image").to(ScalarType.Float32);
        AssertClose(NetworkData.Reference($"bicubic_float_{name}"), Resampler.Bicubic(image, height, width));
        AssertClose(NetworkData.Reference($"bilinear_float_{name}"), Resampler.Bilinear(image, height, width));
    }

    [Fact]
    public void Bicubic_OfAStepEdge_OvershootsAndIsNotClamped()
    {
        using var scope = NewDisposeScope();
        var step = cat([zeros([1, 3, 12, 6]), full([1, 3, 12, 6], 255)], 3);
        var resized = Resampler.Bicubic(step, 20, 20);
        AssertClose(NetworkData.Reference("step_up"), resized);
        Assert.True(resized.max().item<float>() > 260 && resized.min().item<float>() < -5);
        // On bytes the same edge stays in range.
        Assert.Equal(255, Resampler.BicubicBytes(step.to(ScalarType.Byte), 20, 20).max().item<byte>());
    }

    [Fact]
    public void BicubicByFactor_OfDinosGrid_UsesTheFactorsForCoordinates()
    {
        using var scope = NewDisposeScope();
        var grid = tensor(NetworkData.Reference("grid")).reshape(1, 5, 14, 14);
        var resized = Resampler.BicubicByFactor(grid, 14.1 / 14, 24.1 / 14);
        Assert.Equal([1, 5, 14, 24], resized.shape);
        AssertClose(NetworkData.Reference("grid_14x24"), resized, 2e-6f);
        // By size the coordinates differ: even the 14 rows would stay as they are.
        Assert.True((Resampler.Bicubic(grid, 14, 24) - resized).abs().max().item<float>() > 1e-3);
    }

    [Theory]
    [InlineData("shrink", 16, 28)]
    [InlineData("grow", 41, 60)]
    public void PillowBicubic_LikePillow_NoByteDiffers(string name, int height, int width)
    {
        using var scope = NewDisposeScope();
        var rgb = NetworkData.ReferenceBytes("image").permute(0, 2, 3, 1).contiguous().data<byte>().ToArray();
        Assert.Equal(NetworkData.ReferenceBytes($"pillow_{name}").data<byte>().ToArray(), PillowResampler.Bicubic(rgb, 30, 53, height, width));
    }

    [Fact]
    public void PillowBicubic_ToTheSameSize_ChangesNothing()
    {
        var rgb = Enumerable.Range(0, 4 * 5 * 3).Select(i => (byte)(i * 37)).ToArray();
        Assert.Equal(rgb, PillowResampler.Bicubic(rgb, 4, 5, 4, 5));
    }

    [Fact]
    public void PillowBicubic_OfTheWrongNumberOfBytes_SaysBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => PillowResampler.Bicubic(new byte[10], 4, 5, 2, 2));
        Assert.Contains("an image of 5x4 has 60 bytes of RGB, got 10", error.Message);
    }

    private static void AssertClose(float[] expected, Tensor got, float tolerance = FloatTolerance)
    {
        var values = got.contiguous().data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.True(expected.Zip(values, (a, b) => Math.Abs(a - b)).Max() <= tolerance, $"largest difference {expected.Zip(values, (a, b) => Math.Abs(a - b)).Max()}");
    }
}
