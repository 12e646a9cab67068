using TorchSharp;
using XVideo.Metrics.Fidelity;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Fidelity;

public sealed class GoldenFidelityTests
{
    // The golden was computed in float32: its SSIM is 1e-5 off the float64 value.
    private const double Tolerance = 1e-4;

    private static readonly GoldenPair Golden = GoldenPair.Read();

    [Fact]
    public void Psnr_OfTheGolden_MatchesFrameByFrame()
    {
        var scores = Measure();
        Assert.Equal(6, scores.Frames.Count);
        AssertNear(Golden.Scores("psnr_frames"), [.. scores.Frames.Select(frame => frame.Psnr)]);
        // The golden's total is the PSNR of the whole clip, 3e-4 dB below the mean of its frames.
        Assert.Equal(Golden.Score("psnr"), scores.PsnrVideo, Tolerance);
        Assert.Equal(Golden.Scores("psnr_frames").Average(), scores.Psnr, Tolerance);
    }

    [Fact]
    public void Ssim_OfTheGolden_MatchesFrameByFrame()
    {
        var scores = Measure();
        AssertNear(Golden.Scores("ssim_frames"), [.. scores.Frames.Select(frame => frame.Ssim!.Value)]);
        Assert.Equal(Golden.Score("ssim"), scores.Ssim!.Value, Tolerance);
    }

    [Fact]
    public void MsSsim_OfTheGolden_MatchesOnTheEnlargedFrames()
    {
        // 96x64 is too small: the golden's frames are enlarged to 256x192 without rounding.
        var values = Golden.Disturbed.Zip(Golden.Reference, (disturbed, reference) =>
        {
            var (a, b) = (Enlarged(disturbed), Enlarged(reference));
            return new MsSsim(256, 192).Of(a, b, SsimMap.Of(a, b, SsimWindow.Gaussian));
        });
        Assert.Equal(Golden.Score("msssim"), values.Average(), Tolerance);
    }

    private static FidelityScores Measure()
    {
        var meter = new FidelityMeter(Golden.Size);
        foreach (var (disturbed, reference) in Golden.Disturbed.Zip(Golden.Reference))
        {
            meter.Add(disturbed, reference);
        }

        return meter.Scores();
    }

    private static FramePlanes Enlarged(byte[] frame)
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(frame.Select(level => (double)level).ToArray()).reshape(1, Golden.Size.Height, Golden.Size.Width, 3).permute(0, 3, 1, 2);
        var samples = nn.functional.interpolate(pixels, size: [192, 256], mode: InterpolationMode.Bilinear, align_corners: false).contiguous().data<double>().ToArray();
        var planes = new FramePlanes(256, 192);
        samples.CopyTo(planes.Samples, 0);
        return planes;
    }

    private static void AssertNear(float[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
