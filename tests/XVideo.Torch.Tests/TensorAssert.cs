using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests;

/// <summary>Compares tensors with expected numbers.</summary>
internal static class TensorAssert
{
    public static double[] Numbers(Tensor tensor)
    {
        using var wide = tensor.detach().to(ScalarType.Float64).contiguous();
        return wide.data<double>().ToArray();
    }

    public static void Equal(long[] shape, double[] expected, Tensor actual, double tolerance = 0)
    {
        Assert.Equal(shape, actual.shape);
        Close(expected, Numbers(actual), tolerance);
    }

    public static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance,
                $"element {i}: expected {expected[i]:r}, got {actual[i]:r}, tolerance {tolerance:g}");
    }

    /// <summary>Normally distributed numbers that depend only on the seed, in float64.</summary>
    public static Tensor Random(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        using var flat = tensor(values);
        return flat.reshape(shape).clone();
    }
}
