using XVideo.Metrics.Temporal;

namespace XVideo.Metrics.Tests.Temporal;

public sealed class MotionProxyTests
{
    private static readonly FrameSize Size = new(320, 256);

    [Theory]
    [InlineData(3, 4)]
    [InlineData(-24, 0)]
    [InlineData(0, 24)]
    [InlineData(0, 0)]
    public void PairLengths_ShiftedNoise_AreTheShift(int x, int y)
    {
        var scores = Measure(Size, 8, [.. Enumerable.Range(0, 3).Select(t => Shifted(Size, x * t, y * t))]);
        Assert.All(scores.PairLengths, length => Assert.Equal(Math.Sqrt(x * x + y * y), length, 1e-12));
        Assert.Equal(2, scores.PairLengths.Count);
        Assert.Equal(scores.MeanLength > 6, scores.IsMoving);
    }

    [Fact]
    public void PairLengths_LargerFrames_CountPixelsOfAShortSideOf256()
    {
        var size = new FrameSize(560, 512);
        // Noise of 2x2 pixels, so that it survives the shrinking.
        byte[] Frame(int shift) => TestFrames.Of(size, (x, y, _) => Hash(x / 2 - shift, y / 2));
        Assert.Equal([10.0], Measure(size, 8, [Frame(0), Frame(10)]).PairLengths);
    }

    [Fact]
    public void PairLengths_SmallerFrames_AreScaledUp()
    {
        var size = new FrameSize(80, 64);
        Assert.Equal([16.0], Measure(size, 8, [Shifted(size, 0, 0), Shifted(size, 4, 0)]).PairLengths);
    }

    [Fact]
    public void PairLengths_FlatFrames_TakeTheShortestVector() =>
        Assert.Equal([0.0], Measure(Size, 8, [TestFrames.Solid(Size, 10), TestFrames.Solid(Size, 90)]).PairLengths);

    [Fact]
    public void PairLengths_OneMovingCorner_IsTheMeanOfTheLongestTwentieth()
    {
        // A square of 64x64 in 256x256, more than a twentieth of the blocks, shows moving noise; the rest stands still.
        var size = new FrameSize(256, 256);
        byte[] Frame(int shift) => TestFrames.Of(size, (x, y, _) => x is >= 96 and < 160 && y is >= 96 and < 160 ? Hash(x - shift, y) : Hash(x + 1000, y));
        var scores = Measure(size, 8, [Frame(0), Frame(8)]);
        // 49 blocks of 625 lie in the square whole, those at its leading edge match anywhere; 31 are a twentieth.
        Assert.InRange(Assert.Single(scores.PairLengths), 8, 24 * Math.Sqrt(2));
        Assert.True(scores.IsMoving);
    }

    [Fact]
    public void Add_SixteenFramesASecond_LooksAtEverySecond()
    {
        var scores = Measure(Size, 16, [.. Enumerable.Range(0, 7).Select(t => Shifted(Size, 3 * t, 0))]);
        Assert.Equal([6.0, 6.0, 6.0], scores.PairLengths);
        Assert.False(scores.IsMoving);
    }

    [Theory]
    [InlineData(16, 4, true)]
    [InlineData(16, 3, false)]
    [InlineData(10, 2, true)]
    [InlineData(2, 1, true)]
    [InlineData(2, 0, false)]
    public void IsMoving_PairsBeyondTheThreshold_MustBeAQuarterOfTheFrames(int frames, int moving, bool expected) =>
        Assert.Equal(expected, new MotionProxyScores([.. Enumerable.Range(0, frames - 1).Select(i => i < moving ? 6.1 : 6.0)]).IsMoving);

    [Fact]
    public void Meter_BadInput_IsRefusedWithTheValues()
    {
        Assert.Equal(10, Assert.Throws<FrameTooSmallException>(() => new MotionProxyMeter(new(9, 90), 16)).ShortestSide);
        Assert.Equal([0.0], Measure(new(10, 90), 8, [new byte[2700], new byte[2700]]).PairLengths);
        Assert.Contains("frame rate is NaN", Assert.Throws<ArgumentException>(() => new MotionProxyMeter(Size, double.NaN)).Message);
        Assert.Throws<ArgumentException>(() => new MotionProxyMeter(Size, 0));
        var meter = new MotionProxyMeter(Size, 24);
        meter.Add(TestFrames.Solid(Size, 1));
        Assert.Contains("needs at least 4", Assert.Throws<InvalidOperationException>(() => meter.Scores()).Message);
        Assert.Throws<ArgumentException>(() => meter.Add(new byte[5]));
    }

    private static MotionProxyScores Measure(FrameSize size, double frameRate, byte[][] frames)
    {
        var meter = new MotionProxyMeter(size, frameRate);
        foreach (var frame in frames)
        {
            meter.Add(frame);
        }

        return meter.Scores();
    }

    private static byte[] Shifted(FrameSize size, int x, int y) => TestFrames.Of(size, (column, row, _) => Hash(column - x, row - y));

    private static byte Hash(int x, int y)
    {
        var value = (uint)(x * 73_856_093) ^ (uint)(y * 19_349_663);
        value = (value ^ (value >> 15)) * 2_246_822_519;
        return (byte)((value ^ (value >> 13)) >> 8);
    }
}
