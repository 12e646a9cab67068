using FsCheck;
using FsCheck.Fluent;
using XVideo.Metrics.Fidelity;

namespace XVideo.Metrics.Tests.Fidelity;

public sealed class SsimTests
{
    private const double Tolerance = 1e-11;

    [Fact]
    public void SsimMap_AnySizeAndWindow_EqualsTheDefinition() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 999).Three()), dice =>
        {
            var size = new FrameSize(11 + dice.Item1 % 24, 11 + dice.Item2 % 24);
            var a = TestFrames.Noise(size, dice.Item3);
            var b = TestFrames.Disturbed(size, a, 80, dice.Item3 + 1);
            foreach (var window in (SsimWindow[])[SsimWindow.Gaussian, SsimWindow.GaussianZeroPadded, SsimWindow.UniformZeroPadded])
            {
                var map = SsimMap.Of(Planes(size, a), Planes(size, b), window);
                var expected = ReferenceSsim.Of(size, a, b, window);
                Assert.Equal(expected.Whole, map.Ssim, Tolerance);
                Assert.Equal(expected.Inner, map.SsimInner, Tolerance);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void SsimMap_SeveralBandsOfRows_EqualsTheDefinition()
    {
        var size = new FrameSize(13, 150);
        var (a, b) = (TestFrames.Noise(size, 1), TestFrames.Noise(size, 2));
        var map = SsimMap.Of(Planes(size, a), Planes(size, b), SsimWindow.Gaussian);
        Assert.Equal(ReferenceSsim.Of(size, a, b, SsimWindow.Gaussian).Whole, map.Ssim, Tolerance);
    }

    [Fact]
    public void SsimMap_Repeated_IsEqualInEveryBit()
    {
        var size = new FrameSize(200, 300);
        var (a, b) = (Planes(size, TestFrames.Noise(size, 1)), Planes(size, TestFrames.Noise(size, 2)));
        var first = SsimMap.Of(a, b, SsimWindow.Gaussian);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(first, SsimMap.Of(a, b, SsimWindow.Gaussian)));
    }

    [Fact]
    public void GaussianTaps_SumToOne_AndAreSymmetric()
    {
        var taps = SsimWindow.Gaussian.Taps;
        Assert.Equal(11, taps.Length);
        Assert.Equal(1, taps.Sum(), 1e-15);
        Assert.Equal(taps, taps.Reverse());
        Assert.Equal(Math.Exp(-0.5 / 2.25), taps[4] / taps[5], 1e-15);
    }

    [Fact]
    public void LoadHalved_OddSize_DropsTheLastRowAndColumn()
    {
        var size = new FrameSize(5, 3);
        var halved = new FramePlanes(2, 1);
        halved.LoadHalved(Planes(size, TestFrames.Of(size, (x, y, c) => (byte)(10 * x + y + 100 * c))));
        Assert.Equal([5.5, 25.5], halved.Samples.AsSpan(halved.RowStart(0, 0), 2).ToArray());
        Assert.Equal([205.5, 225.5], halved.Samples.AsSpan(halved.RowStart(2, 0), 2).ToArray());
    }

    private static FramePlanes Planes(FrameSize size, byte[] frame)
    {
        var planes = new FramePlanes(size.Width, size.Height);
        planes.Load(frame);
        return planes;
    }
}
