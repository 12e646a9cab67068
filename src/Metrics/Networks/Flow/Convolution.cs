using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Flow;

/// <summary>A convolution with a bias, padded with zeros so that stride 1 keeps the size. Sides of the kernel are odd.</summary>
internal sealed class Convolution(Weights weights, long inputs, long outputs, (long Rows, long Columns) kernel, long stride = 1)
{
    private readonly Tensor _weight = weights.Get("weight", outputs, inputs, kernel.Rows, kernel.Columns);
    private readonly Tensor _bias = weights.Get("bias", outputs);

    /// <summary>One with a square kernel.</summary>
    public Convolution(Weights weights, long inputs, long outputs, long side, long stride = 1)
        : this(weights, inputs, outputs, (side, side), stride)
    {
    }

    /// <param name="x">[B, in, H, W].</param>
    /// <returns>[B, out, H/stride, W/stride], rounded up.</returns>
    public Tensor Forward(Tensor x) => nn.functional.conv2d(x, _weight, _bias, strides: [stride, stride], padding: [kernel.Rows / 2, kernel.Columns / 2]);
}
