using TorchSharp;
using XVideo.Pipeline.Stages;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests;

public sealed class CounterNoiseTests
{
    [Fact]
    public void Normal_SeedZero_FollowsThePublishedPhiloxWords()
    {
        // Source: known answers of Random123, philox4x32 with 10 rounds, counter 0, key 0.
        uint[] words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
        var expected = new List<float>();
        for (var i = 0; i < 4; i += 2)
        {
            var radius = Math.Sqrt(-2 * Math.Log((words[i] + 0.5) / 4294967296.0));
            var angle = 2 * Math.PI * (words[i + 1] + 0.5) / 4294967296.0;
            expected.AddRange([(float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle))]);
        }

        using var noise = CounterNoise.Normal(0, [4], CPU);

        Assert.Equal(expected, noise.data<float>().ToArray());
    }

    [Fact]
    public void Normal_LongerShape_StartsWithTheShorterOne()
    {
        using var few = CounterNoise.Normal(7, [1, 3, 5], CPU);
        using var many = CounterNoise.Normal(7, [40_001], CPU);

        Assert.Equal(few.data<float>().ToArray(), many.data<float>().ToArray()[..15]);
    }

    [Fact]
    public void Normal_ManyValues_HaveMeanZeroDeviationOneAndNoRepeats()
    {
        using var noise = CounterNoise.Normal(42, [400_000], CPU);
        using var other = CounterNoise.Normal(43, [400_000], CPU);
        var values = noise.data<float>().ToArray();

        Assert.InRange(values.Average(), -0.005, 0.005);
        Assert.InRange(values.Average(value => value * value), 0.99, 1.01);
        Assert.InRange(values.Zip(other.data<float>().ToArray(), (a, b) => a * b).Average(), -0.005, 0.005);
        Assert.InRange(values.Skip(1).Zip(values, (a, b) => a * b).Average(), -0.005, 0.005);
        Assert.True(values.Max(Math.Abs) is > 4 and < 7);
    }
}
