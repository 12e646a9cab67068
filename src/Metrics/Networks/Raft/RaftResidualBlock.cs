using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>Two 3x3 convolutions, each normed and cut at 0, added to the input; with stride 2 the input goes through a normed 1x1 convolution.</summary>
internal sealed class RaftResidualBlock
{
    private readonly Convolution _first, _second;
    private readonly Func<Tensor, Tensor> _firstNorm, _secondNorm;
    private readonly (Convolution Convolution, Func<Tensor, Tensor> Norm)? _shortcut;

    public RaftResidualBlock(Weights weights, long inputs, long outputs, long stride, ChannelNorm norm)
    {
        (_first, _firstNorm) = (new Convolution(weights["conv1"], inputs, outputs, 3, stride), norm(weights["norm1"], outputs));
        (_second, _secondNorm) = (new Convolution(weights["conv2"], outputs, outputs, 3), norm(weights["norm2"], outputs));
        var shortcut = weights["downsample"];
        if (stride != 1) _shortcut = (new Convolution(shortcut[0], inputs, outputs, 1, stride), norm(shortcut[1], outputs));
    }

    /// <param name="x">[B, in, H, W].</param>
    /// <returns>[B, out, H/stride, W/stride].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = nn.functional.relu(_firstNorm(_first.Forward(x)), inplace: true);
        y = nn.functional.relu(_secondNorm(_second.Forward(y)), inplace: true);
        if (_shortcut is { } shortcut) x = shortcut.Norm(shortcut.Convolution.Forward(x));
        return nn.functional.relu(y.add_(x), inplace: true).MoveToOuterDisposeScope();
    }
}
