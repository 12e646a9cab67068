using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>A convolution and the ReLU after it.</summary>
internal sealed class ConvolutionLayer(Weights weights, long inputs, long outputs, long side, long stride, long padding)
{
    private readonly Tensor _weight = weights.Get("weight", outputs, inputs, side, side);
    private readonly Tensor _bias = weights.Get("bias", outputs);

    /// <param name="x">[B, in, H, W].</param>
    public Tensor Forward(Tensor x) =>
        nn.functional.relu(nn.functional.conv2d(x, _weight, _bias, strides: [stride, stride], padding: [padding, padding]), inplace: true);
}
