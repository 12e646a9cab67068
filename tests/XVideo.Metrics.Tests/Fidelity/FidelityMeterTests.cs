using FsCheck;
using FsCheck.Fluent;
using XVideo.Metrics.Fidelity;

namespace XVideo.Metrics.Tests.Fidelity;

public sealed class FidelityMeterTests
{
    private static readonly FrameSize Small = new(24, 16);

    [Fact]
    public void Add_PairOfKnownScores_MatchesFloat64()
    {
        var meter = new FidelityMeter(TestFrames.VectorSize);
        var (a, b) = (TestFrames.VectorA(), TestFrames.VectorB());
        Assert.Equal((18809088, 18807751), (a.Sum(level => level), b.Sum(level => level)));

        var frame = meter.Add(a, b);
        Assert.Equal(0.000551880148760725, frame.MeanSquaredError, 1e-15);
        Assert.Equal(32.58155227313118, frame.Psnr, 1e-11);
        Assert.Equal(5.160068088107639, frame.MeanAbsoluteDifference, 1e-14);
        Assert.Equal(0.9762430937826875, frame.Ssim!.Value, 1e-10);
        Assert.Equal(0.9773775259311497, frame.SsimValid!.Value, 1e-10);
        Assert.Equal(0.9781349000329366, frame.SsimZeroPadded!.Value, 1e-10);
        Assert.Equal(0.9946787846943972, frame.SsimUniform!.Value, 1e-10);
        Assert.Equal(0.9986400648233453, frame.MsSsim!.Value, 1e-10);
    }

    [Fact]
    public void Scores_IdenticalClips_ArePerfectAndPsnrIsInfinite()
    {
        var size = new FrameSize(180, 180);
        var meter = new FidelityMeter(size);
        for (var i = 0; i < 3; i++)
        {
            var frame = i == 2 ? TestFrames.Solid(size, 255) : TestFrames.Noise(size, i);
            meter.Add(frame, frame);
        }

        var scores = meter.Scores();
        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity, 100.0, 3, 0.0),
            (scores.Psnr, scores.PsnrVideo, scores.PsnrCapped, scores.InfFrames, scores.MeanAbsoluteDifference));
        foreach (var score in (double?[])[scores.Ssim, scores.SsimValid, scores.SsimZeroPadded, scores.SsimUniform, scores.MsSsim])
        {
            Assert.Equal(1, score!.Value, 1e-14);
        }
    }

    [Fact]
    public void Scores_OneIdenticalFrame_CappedMeanAndWholeClipStayFinite()
    {
        var meter = new FidelityMeter(Small, FidelityMetrics.None);
        var (black, gray) = (TestFrames.Solid(Small, 0), TestFrames.Solid(Small, 51));
        meter.Add(black, gray);
        meter.Add(black, black);
        var scores = meter.Scores();
        // 51 levels are a fifth: 10·log10(25).
        var decibels = 10 * Math.Log10(25);
        Assert.Equal(double.PositiveInfinity, scores.Psnr);
        Assert.Equal(1, scores.InfFrames);
        Assert.Equal((decibels + 100) / 2, scores.PsnrCapped, 1e-12);
        Assert.Equal(10 * Math.Log10(50), scores.PsnrVideo, 1e-12);
    }

    [Fact]
    public void Add_BlackAgainstWhite_GivesTheConstantsOfTheDefinition()
    {
        var size = new FrameSize(176, 176);
        var frame = new FidelityMeter(size).Add(TestFrames.Solid(size, 0), TestFrames.Solid(size, 255));
        var floor = 1e-4 / (1 + 1e-4);
        Assert.Equal((0.0, 255.0), (frame.Psnr, frame.MeanAbsoluteDifference));
        Assert.False(double.IsNegative(frame.Psnr)); // "-0 dB" in a report
        Assert.Equal(floor, frame.Ssim!.Value, 1e-14);
        Assert.Equal(floor, frame.SsimValid!.Value, 1e-14);
        // Contrast and structure are 1 at every scale: flat frames have neither.
        Assert.Equal(Math.Pow(floor, 0.1333), frame.MsSsim!.Value, 1e-12);
    }

    [Fact]
    public void PsnrVideo_RandomClips_IsNeverAboveTheMeanOfFrames() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 10_000).Two()), dice =>
        {
            var random = new Random(dice.Item1);
            var meter = new FidelityMeter(Small, FidelityMetrics.None);
            for (var t = 0; t < 1 + dice.Item2 % 6; t++)
            {
                var frame = TestFrames.Noise(Small, random.Next());
                meter.Add(TestFrames.Disturbed(Small, frame, random.Next(1, 200), random.Next()), frame);
            }

            var scores = meter.Scores();
            return scores.PsnrVideo <= scores.Psnr + 1e-12 && scores.PsnrCapped <= scores.Psnr;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Add_SwappedClips_GivesTheSameScores()
    {
        var size = new FrameSize(176, 180);
        var (a, b) = (TestFrames.Noise(size, 5), TestFrames.Noise(size, 6));
        var (there, back) = (new FidelityMeter(size).Add(a, b), new FidelityMeter(size).Add(b, a));
        Assert.Equal((there.MeanSquaredError, there.MeanAbsoluteDifference), (back.MeanSquaredError, back.MeanAbsoluteDifference));
        foreach (var score in (Func<FrameFidelity, double?>[])[f => f.Ssim, f => f.SsimValid, f => f.SsimZeroPadded, f => f.SsimUniform, f => f.MsSsim])
        {
            Assert.Equal(score(there)!.Value, score(back)!.Value, 1e-14);
        }
    }

    [Theory]
    [InlineData(175, 400)]
    [InlineData(400, 175)]
    public void MsSsim_ShortSideOf175_IsRefusedNamingTheLimit(int width, int height)
    {
        var problem = Assert.Throws<FrameTooSmallException>(() => new FidelityMeter(new(width, height), FidelityMetrics.MsSsim));
        Assert.Equal(("ms_ssim", 176, new FrameSize(width, height)), (problem.Metric, problem.ShortestSide, problem.Size));
        Assert.Contains($"{width}x{height}: the short side is 175 pixels and must be at least 176", problem.Message);
        Assert.Null(new FidelityMeter(new(width, height)).Add(new byte[width * height * 3], new byte[width * height * 3]).MsSsim);
    }

    [Fact]
    public void MsSsim_ShortSideOf176_IsComputed()
    {
        var size = new FrameSize(176, 176);
        var frame = TestFrames.Noise(size, 3);
        var score = new FidelityMeter(size, FidelityMetrics.MsSsim).Add(TestFrames.Disturbed(size, frame, 60, 4), frame);
        Assert.InRange(score.MsSsim!.Value, 0.5, 0.9999);
        Assert.Null(score.Ssim);
    }

    [Fact]
    public void Ssim_ShortSideOf10_IsRefusedAnd11IsComputed()
    {
        Assert.Equal(11, Assert.Throws<FrameTooSmallException>(() => new FidelityMeter(new(40, 10), FidelityMetrics.Ssim)).ShortestSide);
        Assert.Equal(FidelityMetrics.SsimZeroPadded | FidelityMetrics.SsimUniform, FidelityMeter.Supported(new(40, 10)));
        var size = new FrameSize(40, 11);
        Assert.True(double.IsFinite(new FidelityMeter(size).Add(TestFrames.Noise(size, 1), TestFrames.Noise(size, 2)).SsimValid!.Value));
    }

    [Fact]
    public void Add_FrameOfAnotherLength_IsRefusedWithBothLengths()
    {
        var meter = new FidelityMeter(Small);
        var frame = new byte[Small.SizeInBytes];
        var problem = Assert.Throws<ArgumentException>(() => meter.Add(frame, new byte[Small.SizeInBytes - 3]));
        Assert.Contains("1149 bytes; a frame of 24x16 has 1152", problem.Message);
        Assert.Equal("reference", problem.ParamName);
        Assert.Equal("video", Assert.Throws<ArgumentException>(() => meter.Add([], frame)).ParamName);
        Assert.Equal(0, meter.FrameCount);
    }

    [Fact]
    public void Meter_WithoutSizeOrFrames_IsRefused()
    {
        Assert.Contains("0x0", Assert.Throws<ArgumentException>(() => new FidelityMeter(default)).Message);
        Assert.Throws<InvalidOperationException>(() => new FidelityMeter(Small).Scores());
        Assert.Throws<ArgumentException>(() => FidelityScores.Of([]));
    }

    [Fact]
    public void Of_FramesOfSeveralClips_PoolsThemAndDropsMeasuresThatOneLacks()
    {
        FrameFidelity Frame(double error, double? ssim) => new() { MeanSquaredError = error, MeanAbsoluteDifference = 1, Ssim = ssim, SsimUniform = 0.5 };
        var scores = FidelityScores.Of([Frame(0.1, 0.9), Frame(0.01, null), Frame(0.001, 0.7)]);
        Assert.Equal(20, scores.Psnr, 1e-12);
        Assert.Equal(-10 * Math.Log10(0.037), scores.PsnrVideo, 1e-12);
        Assert.Null(scores.Ssim);
        Assert.Equal(0.5, scores.SsimUniform);
    }
}
