using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Two times norm, SiLU and causal convolution, added to the input.</summary>
internal sealed class ResidualBlock(Weights weights, long inChannels, long outChannels)
{
    private readonly ChannelNorm _norm1 = new(weights["norm1"], inChannels);
    private readonly CausalConv3d _conv1 = new(weights["conv1"], inChannels, outChannels, 3, 3);
    private readonly ChannelNorm _norm2 = new(weights["norm2"], outChannels);
    private readonly CausalConv3d _conv2 = new(weights["conv2"], outChannels, outChannels, 3, 3);
    private readonly CausalConv3d? _shortcut = inChannels == outChannels ? null : new(weights["conv_shortcut"], inChannels, outChannels, 1, 1);

    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        using var middle = _conv1.Forward(_norm1, x, cache);
        var hidden = _conv2.Forward(_norm2, middle, cache);
        var shortcut = _shortcut?.Forward(x, cache) ?? x;
        return (is_grad_enabled() ? hidden + shortcut : hidden.add_(shortcut)).MoveToOuterDisposeScope();
    }
}
