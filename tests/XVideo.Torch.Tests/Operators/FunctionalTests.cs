using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace XVideo.Torch.Tests.Operators;

/// <summary>Functions of torch.nn.functional against values worked out from their definitions.</summary>
public sealed class FunctionalTests
{
    private static readonly double[] Points = [-3, -1, -0.1, 0, 0.5, 2, 6];

    [Fact]
    public void LayerNorm_WithAndWithoutWeights_MatchesTheDefinition()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, 3, 6, -1, 1, -1, 1 }).reshape(2, 4);
        // Means 3 and 0, variances (divided by n) 3.5 and 1.
        double[] normed = [.. new double[] { -2, -1, 0, 3 }.Select(d => d / Math.Sqrt(3.5 + 1e-5)), .. new double[] { -1, 1, -1, 1 }.Select(d => d / Math.Sqrt(1 + 1e-5))];
        TensorAssert.Equal([2, 4], normed, F.layer_norm(x, [4]), 1e-12);
        double[] weight = [1, 2, 3, 4], bias = [0.5, 0, -1, 10];
        TensorAssert.Equal([2, 4], [.. normed.Select((value, i) => (value * weight[i % 4]) + bias[i % 4])], F.layer_norm(x, [4], tensor(weight), tensor(bias)), 1e-12);
        TensorAssert.Equal([2, 4], [0, 0, 0, 0, 0, 0, 0, 0], F.layer_norm(full([2, 4], 7, float64), [4], eps: 1e-3), 1e-12);
    }

    [Fact]
    public void Activations_OnPoints_MatchTheirFormulas()
    {
        using var scope = NewDisposeScope();
        var x = tensor(Points);
        TensorAssert.Equal([7], [.. Points.Select(GeluTanh)], F.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh), 1e-12);
        // Φ from tables of the normal distribution: 0.158655253931457 = Φ(-1), 0.977249868051821 = Φ(2).
        var exact = TensorAssert.Numbers(F.gelu(x, TorchSharp.Modules.GELU.Approximate.none));
        Assert.Equal(-0.158655253931457, exact[1], 1e-12);
        Assert.Equal(2 * 0.977249868051821, exact[5], 1e-12);
        TensorAssert.Close(exact, TensorAssert.Numbers(x.gelu()), 0);
        TensorAssert.Equal([7], [.. Points.Select(p => p / (1 + Math.Exp(-p)))], F.silu(x), 1e-12);
        TensorAssert.Equal([7], [.. Points.Select(p => Math.Max(p, 0))], F.relu(x));
        var copy = x.clone();
        Assert.Same(copy, F.silu(copy, inplace: true));
        TensorAssert.Close(TensorAssert.Numbers(F.silu(x)), TensorAssert.Numbers(copy), 0);
    }

    private static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    [Fact]
    public void SoftmaxLinearNormalizeAndLosses_SmallInputs_MatchHandComputedValues()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 0, Math.Log(3), 5, 5 }).reshape(2, 2);
        TensorAssert.Equal([2, 2], [0.25, 0.75, 0.5, 0.5], F.softmax(x, -1), 1e-12);
        TensorAssert.Equal([2], [11 + 0.5, 5 - 1], F.linear(tensor(new double[] { 1, 2 }), tensor(new double[] { 3, 4, -1, 3 }).reshape(2, 2), tensor(new[] { 0.5, -1 })), 1e-12);
        TensorAssert.Equal([1, 2], [0.6, 0.8], F.normalize(tensor(new double[] { 3, 4 }).reshape(1, 2)), 1e-12);
        TensorAssert.Equal([1, 2], [0, 0], F.normalize(zeros([1, 2])));
        var (a, b) = (tensor(new double[] { 1, 2, 3 }), tensor(new double[] { 1, 4, 0 }));
        Assert.Equal(13.0 / 3, F.mse_loss(a, b).item<double>(), 1e-12);
        Assert.Equal(5, F.l1_loss(a, b, nn.Reduction.Sum).item<double>(), 1e-12);
        TensorAssert.Equal([3], [0, 4, 9], F.mse_loss(a, b, nn.Reduction.None));
    }

    [Fact]
    public void Interpolate_EachMode_MatchesHandComputedValues()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 0, 4 }).reshape(1, 1, 1, 2);
        TensorAssert.Equal([1, 1, 2, 4], [0, 0, 4, 4, 0, 0, 4, 4], F.interpolate(x, scale_factor: [2, 2]));
        TensorAssert.Equal([1, 1, 1, 4], [0, 1, 3, 4], F.interpolate(x, [1, 4], mode: InterpolationMode.Bilinear));
        TensorAssert.Equal([1, 1, 1, 5], [0, 1, 2, 3, 4], F.interpolate(x, [1, 5], mode: InterpolationMode.Bilinear, align_corners: true));
        var row = tensor(new float[] { 0, 1, 2, 3, 4 }).reshape(1, 1, 1, 5);
        TensorAssert.Equal([1, 1, 1, 3], [0, 1, 3], F.interpolate(row, [1, 3]));
        TensorAssert.Equal([1, 1, 1, 3], [0, 2, 4], F.interpolate(row, [1, 3], mode: InterpolationMode.NearestExact));
        // Halving with antialias: the triangle reaches one source step to each side and a half more, so the inner pixels weigh 3:3 and the outer 1:1.
        var ramp = tensor(new float[] { 0, 8, 16, 24 }).reshape(1, 1, 1, 4);
        TensorAssert.Equal([1, 1, 1, 2], [((0 * 3) + (8 * 3) + 16) / 7.0, (8 + (16 * 3) + (24 * 3)) / 7.0],
            F.interpolate(ramp, [1, 2], mode: InterpolationMode.Bilinear, antialias: true), 1e-5);
        Assert.Throws<NotSupportedException>(() => F.interpolate(x, [1, 4], mode: InterpolationMode.Bicubic));
    }

    [Fact]
    public void Pad_EachMode_MatchesHandComputedValues()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2, 3 }).reshape(1, 1, 1, 3);
        TensorAssert.Equal([1, 1, 2, 6], [9, 1, 2, 3, 9, 9, 9, 9, 9, 9, 9, 9], F.pad(x, [1, 2, 0, 1], value: 9));
        TensorAssert.Equal([1, 1, 1, 6], [1, 1, 2, 3, 3, 3], F.pad(x, [1, 2, 0, 0], PaddingModes.Replicate));
        TensorAssert.Equal([1, 1, 1, 6], [2, 1, 2, 3, 2, 1], F.pad(x, [1, 2, 0, 0], PaddingModes.Reflect));
        var clip = x.reshape(1, 1, 1, 1, 3).expand(1, 1, 1, 2, 3);
        TensorAssert.Equal([1, 1, 3, 2, 3], [.. Enumerable.Repeat(new double[] { 1, 2, 3 }, 6).SelectMany(row => row)], F.pad(clip, [0, 0, 0, 0, 2, 0], PaddingModes.Replicate));
        TensorAssert.Equal([1, 1, 1, 1], [2], F.pad(x, [-1, -1, 0, 0]));
        Assert.Throws<NotSupportedException>(() => F.pad(x, [1, 1], PaddingModes.Circular));
    }
}
