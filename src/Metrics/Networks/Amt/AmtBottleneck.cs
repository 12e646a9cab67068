using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>1x1, 3x3 and 1x1 convolutions through a quarter of the channels, added to the input; with stride 2 the input goes through a 1x1 convolution.</summary>
internal sealed class AmtBottleneck
{
    private readonly Convolution _narrow, _look, _widen;
    private readonly Convolution? _shortcut;

    public AmtBottleneck(Weights weights, long inputs, long outputs, long stride)
    {
        var inner = outputs / 4;
        _narrow = new Convolution(weights["conv1"], inputs, inner, 1);
        _look = new Convolution(weights["conv2"], inner, inner, 3, stride);
        _widen = new Convolution(weights["conv3"], inner, outputs, 1);
        if (stride != 1) _shortcut = new Convolution(weights["downsample"][0], inputs, outputs, 1, stride);
    }

    /// <param name="x">[B, in, H, W].</param>
    /// <returns>[B, out, H/stride, W/stride].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = Cut(_widen.Forward(Cut(_look.Forward(Cut(_narrow.Forward(x))))));
        if (_shortcut is { } shortcut) x = nn.functional.instance_norm(shortcut.Forward(x));
        return nn.functional.relu(y.add_(x), inplace: true).MoveToOuterDisposeScope();
    }

    /// <summary>Normed by each picture's own statistics, then cut at 0.</summary>
    internal static Tensor Cut(Tensor x) => nn.functional.relu(nn.functional.instance_norm(x), inplace: true);
}
