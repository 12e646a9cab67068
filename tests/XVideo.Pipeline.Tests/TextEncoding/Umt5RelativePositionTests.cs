using FsCheck;
using FsCheck.Fluent;
using XVideo.Pipeline.TextEncoding;

namespace XVideo.Pipeline.Tests.TextEncoding;

public sealed class Umt5RelativePositionTests
{
    // Source: the definition in Raffel et al. 2019: 16 classes a direction, 8 exact ones, then logarithmic up to 128.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, 17)]
    [InlineData(-7, 7)]
    [InlineData(-8, 8)]
    [InlineData(-11, 8)]
    [InlineData(-12, 9)]
    [InlineData(-16, 10)]
    [InlineData(-32, 12)]
    [InlineData(-64, 14)]
    [InlineData(-91, 15)]
    [InlineData(-128, 15)]
    [InlineData(-511, 15)]
    [InlineData(511, 31)]
    public void Bucket_PublishedSizes_IsTheKnownClass(int offset, int expected) => Assert.Equal(expected, Umt5RelativePosition.Bucket(offset, 32, 128));

    [Fact]
    public void Bucket_AnyOffset_GrowsWithDistanceAndMirrorsByHalf() =>
        Prop.ForAll(Gen.Choose(1, 600).ToArbitrary(), Gen.Choose(2, 32).ToArbitrary(), (distance, quarter) =>
        {
            var count = 4 * quarter;
            int Before(int far) => Umt5RelativePosition.Bucket(-far, count, 128);
            return Before(distance) >= Before(distance - 1) && Before(distance) < count / 2
                && Umt5RelativePosition.Bucket(distance, count, 128) == Before(distance) + (count / 2);
        }).QuickCheckThrowOnFailure();
}
