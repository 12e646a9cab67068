using FsCheck;
using FsCheck.Fluent;

namespace XVideo.Metrics.Tests;

public sealed class ByteDifferencesTests
{
    [Fact]
    public void Between_RandomBytesOfAnyLength_EqualsTheDefinition() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 400).Two()), dice =>
        {
            var random = new Random(dice.Item2);
            var (a, b) = (new byte[dice.Item1], new byte[dice.Item1]);
            random.NextBytes(a);
            random.NextBytes(b);
            var differences = a.Zip(b, (x, y) => Math.Abs(x - y)).ToList();
            return ByteDifferences.Between(a, b) == new ByteDifferences(differences.Sum(), differences.Sum(difference => difference * difference));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(131_072)]
    [InlineData(3 * 131_072 + 33)]
    [InlineData(2 * 131_072 - 1)]
    public void Between_LargestDifferencesOverManyBytes_DoesNotOverflow(int length)
    {
        var (black, white) = (new byte[length], Enumerable.Repeat((byte)255, length).ToArray());
        Assert.Equal(new ByteDifferences(255L * length, 65_025L * length), ByteDifferences.Between(black, white));
        Assert.Equal(new ByteDifferences(255L * length, 65_025L * length), ByteDifferences.Between(white, black));
    }
}
