using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>Five convolutions added to the input; between those over all channels, the last few channels go through one of their own.</summary>
/// <remarks>Source: Kong et al. 2022, IFRNet (arXiv 2205.14620).</remarks>
internal sealed class SideBlock(Weights weights, long channels)
{
    private const long Side = 20;

    private readonly CurvedConvolution _first = new(weights["conv1"], channels, channels);
    private readonly CurvedConvolution _firstSide = new(weights["conv2"], Side, Side);
    private readonly CurvedConvolution _second = new(weights["conv3"], channels, channels);
    private readonly CurvedConvolution _secondSide = new(weights["conv4"], Side, Side);
    private readonly Convolution _last = new(weights["conv5"], channels, channels, 3);
    private readonly Tensor _slopes = weights["prelu"].Get("weight", channels);

    /// <param name="x">[B, channels, H, W].</param>
    /// <returns>The same shape.</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = ThroughSide(_first.Forward(x), _firstSide);
        y = ThroughSide(_second.Forward(y), _secondSide);
        return nn.functional.prelu(_last.Forward(y).add_(x), _slopes).MoveToOuterDisposeScope();
    }

    private Tensor ThroughSide(Tensor x, CurvedConvolution side) => cat([x.narrow(1, 0, channels - Side), side.Forward(x.narrow(1, channels - Side, Side))], 1);
}
