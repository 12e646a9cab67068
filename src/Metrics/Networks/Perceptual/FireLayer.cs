using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>SqueezeNet's module: few channels by 1x1, then many by 1x1 and by 3x3 side by side; a ReLU after each.</summary>
internal sealed class FireLayer(Weights weights, long inputs, long squeezed, long expanded)
{
    private readonly ConvolutionLayer _squeeze = new(weights["squeeze"], inputs, squeezed, 1, 1, 0);
    private readonly ConvolutionLayer _expandPoint = new(weights["expand1x1"], squeezed, expanded, 1, 1, 0);
    private readonly ConvolutionLayer _expandSquare = new(weights["expand3x3"], squeezed, expanded, 3, 1, 1);

    /// <param name="x">[B, in, H, W].</param>
    /// <returns>[B, 2·expanded, H, W].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var few = _squeeze.Forward(x);
        return cat([_expandPoint.Forward(few), _expandSquare.Forward(few)], 1).MoveToOuterDisposeScope();
    }
}
