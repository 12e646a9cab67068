using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Operators;

/// <summary>Both convolution paths (oneDNN without gradients, libtorch's own with) against loops written from the definition.</summary>
public sealed class ConvolutionTests
{
    // channels in, channels out, groups, clip, kernel, stride, padding, dilation
    public static TheoryData<long, long, long, long[], long[], long[], long[], long[]> Cases => new()
    {
        { 3, 4, 1, [1, 5, 6], [1, 3, 3], [1, 1, 1], [0, 1, 1], [1, 1, 1] },
        { 4, 6, 2, [1, 7, 5], [1, 3, 2], [1, 2, 1], [0, 2, 0], [1, 2, 1] },
        { 2, 3, 1, [4, 5, 4], [3, 3, 3], [1, 1, 1], [1, 1, 1], [1, 1, 1] },
        { 4, 4, 4, [5, 4, 6], [3, 1, 3], [2, 1, 2], [0, 0, 1], [1, 1, 1] },
        { 1, 2, 1, [3, 3, 3], [2, 2, 2], [1, 1, 1], [0, 1, 2], [2, 1, 1] },
        { 3, 2, 1, [2, 2, 2], [1, 1, 1], [1, 1, 1], [0, 0, 0], [1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Conv3d_EachPath_MatchesTheDefinition(long inputs, long outputs, long groups, long[] clip, long[] kernel, long[] stride, long[] padding, long[] dilation)
    {
        using var scope = NewDisposeScope();
        var input = TensorAssert.Random(1, [2, inputs, .. clip]);
        var weight = TensorAssert.Random(2, [outputs, inputs / groups, .. kernel]);
        var bias = TensorAssert.Random(3, outputs);
        var (shape, expected) = Naive(input, weight, bias, groups, clip, kernel, stride, padding, dilation);

        Tensor Run(Tensor x, Tensor w, Tensor? b) => nn.functional.conv3d(x, w, b, stride, padding, dilation, groups);
        TensorAssert.Equal(shape, expected, Run(input, weight, bias), 1e-12);
        var (x32, w32, b32) = (input.@float(), weight.@float(), bias.@float());
        TensorAssert.Equal(shape, expected, Run(x32, w32, b32), 1e-4); // oneDNN
        TensorAssert.Equal(shape, expected, Run(x32, w32.clone().requires_grad_(), b32), 1e-4); // libtorch's own
        var noBias = Naive(input, weight, zeros_like(bias), groups, clip, kernel, stride, padding, dilation).Values;
        TensorAssert.Equal(shape, noBias, Run(x32, w32, null), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Conv2d_EachPath_MatchesTheDefinition(long inputs, long outputs, long groups, long[] clip, long[] kernel, long[] stride, long[] padding, long[] dilation)
    {
        using var scope = NewDisposeScope();
        clip = [1, .. clip[1..]];
        kernel = [1, .. kernel[1..]];
        padding = [0, .. padding[1..]];
        var input = TensorAssert.Random(1, [2, inputs, .. clip[1..]]);
        var weight = TensorAssert.Random(2, [outputs, inputs / groups, .. kernel[1..]]);
        var bias = TensorAssert.Random(3, outputs);
        var (shape, expected) = Naive(input, weight, bias, groups, clip, kernel, stride, padding, dilation);
        long[] flat = [shape[0], shape[1], shape[3], shape[4]];

        Tensor Run(Tensor x, Tensor w) => nn.functional.conv2d(x, w, bias.to(x.dtype), stride[1..], padding[1..], dilation[1..], groups);
        TensorAssert.Equal(flat, expected, Run(input, weight), 1e-12);
        TensorAssert.Equal(flat, expected, Run(input.@float(), weight.@float()), 1e-4);
        TensorAssert.Equal(flat, expected, Run(input.@float().requires_grad_(), weight.@float()), 1e-4);
    }

    [Fact]
    public void Conv3d_InputNotContiguous_GivesTheSame()
    {
        using var scope = NewDisposeScope();
        var input = TensorAssert.Random(1, 1, 4, 4, 5, 3).@float().permute(0, 4, 1, 2, 3);
        var weight = TensorAssert.Random(2, 2, 3, 3, 3, 3).@float();
        var expected = TensorAssert.Numbers(nn.functional.conv3d(input.contiguous(), weight));
        TensorAssert.Close(expected, TensorAssert.Numbers(nn.functional.conv3d(input, weight)), 1e-5);
    }

    [Fact]
    public void Conv2d_Defaults_AreStrideOneAndNoPadding()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Equal([1, 1, 1, 2], [1 + 2 + 4 + 5, 2 + 3 + 5 + 6],
            nn.functional.conv2d(tensor(new float[] { 1, 2, 3, 4, 5, 6 }).reshape(1, 1, 2, 3), ones([1, 1, 2, 2])));
    }

    private static (long[] Shape, double[] Values) Naive(
        Tensor input, Tensor weight, Tensor bias, long groups, long[] clip, long[] kernel, long[] stride, long[] padding, long[] dilation)
    {
        var (x, w, b) = (TensorAssert.Numbers(input), TensorAssert.Numbers(weight), TensorAssert.Numbers(bias));
        long batch = input.size(0), inputs = input.size(1), outputs = weight.size(0), perGroup = inputs / groups;
        var size = Enumerable.Range(0, 3).Select(d => ((clip[d] + (2 * padding[d]) - (dilation[d] * (kernel[d] - 1)) - 1) / stride[d]) + 1).ToArray();
        var values = new List<double>();
        for (long n = 0; n < batch; n++)
            for (long o = 0; o < outputs; o++)
                for (long t = 0; t < size[0]; t++)
                    for (long i = 0; i < size[1]; i++)
                        for (long j = 0; j < size[2]; j++) values.Add(b[o] + Sum(n, o, t, i, j));
        return ([batch, outputs, .. size], [.. values]);

        double Sum(long n, long o, params long[] at)
        {
            double sum = 0;
            for (long c = 0; c < perGroup; c++)
                for (long kt = 0; kt < kernel[0]; kt++)
                    for (long ki = 0; ki < kernel[1]; ki++)
                        for (long kj = 0; kj < kernel[2]; kj++)
                        {
                            long t = Source(0, kt), i = Source(1, ki), j = Source(2, kj);
                            if (t < 0 || t >= clip[0] || i < 0 || i >= clip[1] || j < 0 || j >= clip[2]) continue;
                            var channel = (o / (outputs / groups) * perGroup) + c;
                            sum += x[(((((((n * inputs) + channel) * clip[0]) + t) * clip[1]) + i) * clip[2]) + j]
                                * w[(((((((o * perGroup) + c) * kernel[0]) + kt) * kernel[1]) + ki) * kernel[2]) + kj];
                        }
            return sum;

            long Source(int d, long k) => (at[d] * stride[d]) - padding[d] + (k * dilation[d]);
        }
    }
}
