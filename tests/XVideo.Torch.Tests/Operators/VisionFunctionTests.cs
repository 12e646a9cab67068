using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace XVideo.Torch.Tests.Operators;

/// <summary>The functions of torch.nn.functional that networks on pictures use, against values worked out from their definitions.</summary>
public sealed class VisionFunctionTests
{
    [Theory]
    [InlineData(GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, new[] { 1, 2.5, 2, 0 })]
    [InlineData(GridSampleMode.Bilinear, GridSamplePaddingMode.Border, new[] { 1, 2.5, 4, 4 })]
    [InlineData(GridSampleMode.Bilinear, GridSamplePaddingMode.Reflection, new[] { 1, 2.5, 3.5, 2 })]
    [InlineData(GridSampleMode.Nearest, GridSamplePaddingMode.Border, new[] { 1, 3, 4, 4.0 })]   // 1.5 goes to the even column
    public void GridSample_AlignedToCentres_TakesTheNamedPlaces(GridSampleMode mode, GridSamplePaddingMode padding, double[] expected)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, 3, 4 }).reshape(1, 1, 1, 4).expand(1, 1, 2, 4);
        // Columns 0, 1.5, 3.5 and 5 of 0 to 3, in the first row.
        var columns = new[] { 0, 1.5, 3.5, 5 };
        var grid = tensor([.. columns.SelectMany(column => new[] { (2 * column / 3) - 1, -1 })]).reshape(1, 1, 4, 2);
        TensorAssert.Equal([1, 1, 1, 4], expected, F.grid_sample(x, grid, mode, padding, align_corners: true), 1e-12);
    }

    [Fact]
    public void GridSample_AlignedToEdges_IsTheDefault()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, 3, 4 }).reshape(1, 1, 2, 2);
        var grid = tensor(new double[] { -1, -0.5, 0.5, 0.5 }).reshape(1, 1, 2, 2);   // the left edge of row 0, and the last pixel
        TensorAssert.Equal([1, 1, 1, 2], [0.5, 4], F.grid_sample(x, grid), 1e-12);
    }

    [Fact]
    public void AvgPool2d_OfAnOddMap_DropsTheRest()
    {
        using var scope = NewDisposeScope();
        var x = tensor([.. Enumerable.Range(0, 15).Select(i => (double)i)]).reshape(1, 1, 3, 5);
        TensorAssert.Equal([1, 1, 1, 2], [(0 + 1 + 5 + 6) / 4.0, (2 + 3 + 7 + 8) / 4.0], F.avg_pool2d(x, 2));
        TensorAssert.Equal([1, 1, 2, 3], [0, 0.75, 1.75, 3.75, 9, 11], F.avg_pool2d(x, 2, padding: 1));
        TensorAssert.Equal([1, 1, 2, 4], [12, 16, 20, 24, 32, 36, 40, 44], F.avg_pool2d(x, 2, stride: 1, divisor_override: 1));
    }

    [Fact]
    public void Norms_OfAMap_MatchTheDefinitions()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 3, 2, 6, -1, 1, 10, 20 }).reshape(1, 4, 1, 2);
        double[] deviations = [1, 2, 1, 5], means = [2, 4, 0, 15];
        var (gain, bias) = (tensor(new double[] { 1, 2, 3, 4 }), tensor(new[] { 0, 0.5, -1, 10 }));
        var own = Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? -1 : 1) * deviations[i / 2] / Math.Sqrt((deviations[i / 2] * deviations[i / 2]) + 1e-5)).ToArray();
        TensorAssert.Equal([1, 4, 1, 2], own, F.instance_norm(x), 1e-12);
        TensorAssert.Equal([1, 4, 1, 2], [.. own.Select((value, i) => (value * (i / 2 + 1)) + new[] { 0, 0.5, -1, 10 }[i / 2])], F.instance_norm(x, weight: gain, bias: bias), 1e-12);
        // Groups of two channels: 1, 3, 2, 6 (mean 3, variance 3.5) and −1, 1, 10, 20 (mean 7.5, variance 69.25).
        double[] values = [1, 3, 2, 6, -1, 1, 10, 20];
        var grouped = values.Select((value, i) => i < 4 ? (value - 3) / Math.Sqrt(3.5 + 1e-4) : (value - 7.5) / Math.Sqrt(69.25 + 1e-4));
        TensorAssert.Equal([1, 4, 1, 2], [.. grouped], F.group_norm(x, 2, eps: 1e-4), 1e-12);
        var (mean, variance) = (tensor(means), tensor(new double[] { 4, 9, 16, 25 }));
        var fixedStatistics = values.Select((value, i) => ((value - means[i / 2]) / Math.Sqrt(((i / 2) + 2) * ((i / 2) + 2) + 1e-5) * (i / 2 + 1)) + new[] { 0, 0.5, -1, 10 }[i / 2]);
        TensorAssert.Equal([1, 4, 1, 2], [.. fixedStatistics], F.batch_norm(x, mean, variance, gain, bias), 1e-12);
        Assert.Contains("training must be false", Assert.Throws<NotSupportedException>(() => F.batch_norm(x, mean, variance, training: true)).Message);
    }

    [Fact]
    public void LeakyActivations_BelowZero_KeepASlope()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { -2, 3, -4, 0 }).reshape(1, 2, 2);
        TensorAssert.Equal([1, 2, 2], [-0.2, 3, -0.4, 0], F.leaky_relu(x, 0.1), 1e-12);
        TensorAssert.Equal([1, 2, 2], [-1, 3, -1, 0], F.prelu(x, tensor(new[] { 0.5, 0.25 })), 1e-12);
        Assert.Same(x, F.leaky_relu(x, 0.5, inplace: true));
        TensorAssert.Equal([1, 2, 2], [-1, 3, -2, 0], x, 1e-12);
    }

    [Fact]
    public void ConvTranspose2d_OfOnePixel_SpreadsTheKernel()
    {
        using var scope = NewDisposeScope();
        var kernel = tensor([.. Enumerable.Range(1, 16).Select(i => (double)i)]).reshape(1, 1, 4, 4);
        var x = tensor(new double[] { 1, 0, 0, 10 }).reshape(1, 1, 2, 2);
        // Stride 2, one row and column cut off each side: output (r, c) takes kernel (r + 1 − 2i, c + 1 − 2j) of pixel (i, j).
        var expected =
            from row in Enumerable.Range(0, 4) from column in Enumerable.Range(0, 4)
            select Kernel(row + 1, column + 1) + (10 * Kernel(row - 1, column - 1)) + 0.5;
        TensorAssert.Equal([1, 1, 4, 4], [.. expected], F.conv_transpose2d(x, kernel, tensor(new[] { 0.5 }), strides: [2, 2], padding: [1, 1]), 1e-12);
    }

    private static double Kernel(int row, int column) => row is >= 0 and < 4 && column is >= 0 and < 4 ? (4 * row) + column + 1 : 0;
}
