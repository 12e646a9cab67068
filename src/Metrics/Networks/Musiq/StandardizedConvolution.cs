using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Musiq;

/// <summary>A convolution whose kernels are brought to mean 0 and deviation 1, without a bias, then a norm over 32 groups of channels.</summary>
/// <param name="weights">The module that holds both.</param>
/// <param name="convolution">Name of the convolution.</param>
/// <param name="norm">Name of the norm.</param>
/// <param name="inputs">Channels that come in.</param>
/// <param name="outputs">Channels that come out, a multiple of 32.</param>
/// <param name="side">Rows and columns of the kernel.</param>
/// <param name="stride">1 or 2.</param>
/// <param name="epsilon">Added to the norm's variances.</param>
internal sealed class StandardizedConvolution(Weights weights, string convolution, string norm, long inputs, long outputs, long side, long stride, double epsilon)
{
    private const long GroupCount = 32;
    private const double KernelEpsilon = 1e-5;

    private readonly Tensor _kernel = weights[convolution].Get("weight", outputs, inputs, side, side);
    private readonly Tensor _gain = weights[norm].Get("weight", outputs);
    private readonly Tensor _bias = weights[norm].Get("bias", outputs);

    /// <param name="x">[B, in, H, W]; H and W multiples of the stride.</param>
    /// <returns>[B, out, H/stride, W/stride].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        // TensorFlow's "same": zeros so that the size divides, the smaller half of them before.
        var (before, after) = ((side - stride) / 2, side - stride - ((side - stride) / 2));
        var padded = side > stride ? nn.functional.pad(x, [before, after, before, after]) : x;
        return nn.functional.group_norm(nn.functional.conv2d(padded, Standardized(), strides: [stride, stride]), GroupCount, _gain, _bias, epsilon).MoveToOuterDisposeScope();
    }

    private Tensor Standardized()
    {
        using var scope = NewDisposeScope();
        var centered = _kernel - _kernel.mean([1, 2, 3], keepdim: true);
        var deviation = (centered.square().sum([1, 2, 3], keepdim: true) / ((inputs * side * side) - 1)).sqrt();
        return (centered / (deviation + KernelEpsilon)).MoveToOuterDisposeScope();
    }
}
