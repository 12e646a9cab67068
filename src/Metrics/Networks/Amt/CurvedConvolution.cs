using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>A 3x3 convolution, then a PReLU: below 0 each channel has a slope of its own.</summary>
/// <param name="weights">Children <c>0</c> (the convolution) and <c>1</c> (the slopes).</param>
/// <param name="inputs">Channels that come in.</param>
/// <param name="outputs">Channels that come out.</param>
/// <param name="stride">1 or 2.</param>
internal sealed class CurvedConvolution(Weights weights, long inputs, long outputs, long stride = 1)
{
    private readonly Convolution _convolution = new(weights[0], inputs, outputs, 3, stride);
    private readonly Tensor _slopes = weights[1].Get("weight", outputs);

    /// <param name="x">[B, in, H, W].</param>
    /// <returns>[B, out, H/stride, W/stride].</returns>
    public Tensor Forward(Tensor x)
    {
        using var straight = _convolution.Forward(x);
        return nn.functional.prelu(straight, _slopes);
    }
}
