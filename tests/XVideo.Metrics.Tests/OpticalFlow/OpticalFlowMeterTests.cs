using XVideo.Metrics.OpticalFlow;

namespace XVideo.Metrics.Tests.OpticalFlow;

public sealed class OpticalFlowMeterTests
{
    private static readonly FrameSize Size = new(170, 128);

    [Fact]
    public void Scores_TextureMovingSteadily_AreItsSpeedWithoutChange()
    {
        var scores = Measure([.. Enumerable.Range(0, 4).Select(t => Frame(2.0 * t, 0))]);
        // Two pixels of a short side of 128 are four of 256.
        Assert.All(scores.MeanLengths, length => Assert.Equal(4, length, 0.2));
        Assert.Equal(3, scores.MeanLengths.Count);
        Assert.Equal(2, scores.MeanChanges.Count);
        Assert.InRange(scores.MeanChange, 0, 0.3);
        Assert.InRange(scores.WarpError, 0, 2);
        Assert.InRange(scores.OccludedShare, 0, 0.05);
    }

    [Fact]
    public void Scores_TextureThatJerks_ChangeMore()
    {
        var steady = Measure([.. Enumerable.Range(0, 5).Select(t => Frame(2.0 * t, 0))]);
        var jerky = Measure([.. ((double[])[0, 4, 4, 8, 8]).Select(x => Frame(x, 0))]);
        Assert.Equal(steady.MeanLength, jerky.MeanLength, 0.3);
        Assert.InRange(jerky.MeanChange, 6, 10);
        Assert.True(jerky.MeanChange > 10 * steady.MeanChange);
    }

    [Fact]
    public void Scores_NoiseInTime_HasMoreWarpErrorThanMotion()
    {
        var random = new Random(3);
        var moving = Measure([Frame(0, 0), Frame(3, 1)]);
        var noisy = Measure([.. Enumerable.Range(0, 2).Select(_ => Frame(0, 0).Select(level => (byte)Math.Clamp(level + random.Next(-30, 31), 0, 255)).ToArray())]);
        Assert.True(noisy.WarpError > 3 * moving.WarpError, $"noise {noisy.WarpError:0.00}, motion {moving.WarpError:0.00}");
    }

    [Fact]
    public void Scores_FrozenClip_AreZero()
    {
        var scores = Measure([Frame(0, 0), Frame(0, 0), Frame(0, 0)]);
        Assert.Equal((0.0, 0.0, 0.0, 0.0), (scores.MeanLength, scores.MeanChange, scores.WarpError, scores.OccludedShare));
    }

    [Fact]
    public void Scores_Cut_IsMostlyOccluded() =>
        Assert.True(Measure([Frame(0, 0), Frame(5000, 700)]).OccludedShare > 0.4);

    [Fact]
    public void Scores_TwoFrames_HaveNoChange()
    {
        var scores = Measure([Frame(0, 0), Frame(1, 0)]);
        Assert.Empty(scores.MeanChanges);
        Assert.Equal(double.NaN, scores.MeanChange);
    }

    [Fact]
    public void Meter_BadInput_IsRefusedWithTheValues()
    {
        Assert.Equal(16, Assert.Throws<FrameTooSmallException>(() => new OpticalFlowMeter(new(15, 90))).ShortestSide);
        Assert.Throws<ArgumentException>(() => new OpticalFlowMeter(default));
        var meter = new OpticalFlowMeter(Size);
        Assert.Throws<ArgumentException>(() => meter.Add(new byte[5]));
        meter.Add(Frame(0, 0));
        Assert.Contains("1 frame(s) were added", Assert.Throws<InvalidOperationException>(() => meter.Scores()).Message);
    }

    private static OpticalFlowScores Measure(byte[][] frames)
    {
        var meter = new OpticalFlowMeter(Size);
        foreach (var frame in frames) meter.Add(frame);
        return meter.Scores();
    }

    private static byte[] Frame(double x, double y) => TestFrames.Of(Size, (column, row, _) => (byte)Math.Round(MovingPicture.Texture(column - x, row - y)));
}
