using FsCheck;
using FsCheck.Fluent;

namespace XVideo.Video.Tests;

public class FrameRateTests
{
    [Theory]
    [InlineData(16, "16/1")]
    [InlineData(12.5, "25/2")]
    [InlineData(23.976, "24000/1001")]
    [InlineData(24000 / 1001.0, "24000/1001")]
    [InlineData(29.97, "30000/1001")]
    [InlineData(59.94, "60000/1001")]
    [InlineData(0.01, "1/100")]
    [InlineData(1000, "1000/1")]
    public void From_UsualRates_AreExactFractions(double rate, string expected) => Assert.Equal(expected, FrameRate.From(rate).ToString());

    [Fact]
    public void From_AnyRateInRange_IsReducedAndWithinHalfOfTheFifthDecimal()
    {
        var rates = ArbMap.Default.ArbFor<int>().Generator.Select(n => 0.01 + Math.Abs((long)n) % 99_999_000 / 100_000.0 + 0.0000037).ToArbitrary();
        Prop.ForAll(rates, rate =>
        {
            var fraction = FrameRate.From(rate);
            return fraction.Numerator > 0 && fraction.Denominator > 0 && Math.Abs(fraction.Value - rate) <= 1e-4;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1000.1)]
    public void From_OutOfRange_Throws(double rate) =>
        Assert.Contains("0.01 to 1000", Assert.Throws<ArgumentException>(() => FrameRate.From(rate)).Message);
}
