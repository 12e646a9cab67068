using XVideo.Metrics.Temporal;

namespace XVideo.Metrics.Tests.Temporal;

public sealed class TemporalMeterTests
{
    private static readonly FrameSize Small = new(9, 5);

    [Fact]
    public void TemporalFlickering_OfTheGolden_Matches()
    {
        var golden = GoldenPair.Read();
        Assert.Equal(golden.Score("temporal_flickering"), Measure(golden.Size, golden.Reference).TemporalFlickering, 1e-6);
    }

    [Fact]
    public void TemporalFlickering_PairOfKnownScores_MatchesFloat64() =>
        Assert.Equal(0.9797644388701662, Measure(TestFrames.VectorSize, TestFrames.VectorA(), TestFrames.VectorB()).TemporalFlickering, 1e-14);

    [Fact]
    public void Scores_StillClip_IsOneWithOnlyStillPairs()
    {
        var frame = TestFrames.Noise(Small, 1);
        var scores = Measure(Small, frame, frame, frame);
        Assert.Equal((1.0, 0.0, 2), (scores.TemporalFlickering, scores.MeanFrameDifference, scores.StillPairs));
    }

    [Fact]
    public void Scores_StepsOfKnownHeight_AreMeansOverNeighbours()
    {
        var scores = Measure(Small, TestFrames.Solid(Small, 10), TestFrames.Solid(Small, 40), TestFrames.Solid(Small, 40), TestFrames.Solid(Small, 25));
        Assert.Equal([30, 0, 15], scores.FrameDifferences);
        Assert.Equal((15.0, 30.0, 1), (scores.MeanFrameDifference, scores.LargestFrameDifference, scores.StillPairs));
        Assert.Equal(240.0 / 255, scores.TemporalFlickering, 1e-15);
    }

    [Fact]
    public void Add_FrameReusedByTheCaller_IsComparedAsItWas()
    {
        var meter = new TemporalMeter(Small);
        var buffer = new byte[Small.SizeInBytes];
        meter.Add(buffer);
        buffer.AsSpan().Fill(7);
        meter.Add(buffer);
        Assert.Equal(7, meter.Scores().MeanFrameDifference);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Scores_FewerThanTwoFrames_AreRefused(int count)
    {
        var meter = new TemporalMeter(Small);
        for (var i = 0; i < count; i++)
        {
            meter.Add(new byte[Small.SizeInBytes]);
        }

        Assert.StartsWith($"{count} frame(s) were added", Assert.Throws<InvalidOperationException>(() => meter.Scores()).Message);
    }

    [Fact]
    public void Meter_WrongSizes_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new TemporalMeter(default));
        Assert.Contains("4 bytes; a frame of 9x5 has 135", Assert.Throws<ArgumentException>(() => new TemporalMeter(Small).Add(new byte[4])).Message);
    }

    private static TemporalScores Measure(FrameSize size, params byte[][] frames)
    {
        var meter = new TemporalMeter(size);
        foreach (var frame in frames)
        {
            meter.Add(frame);
        }

        return meter.Scores();
    }
}
