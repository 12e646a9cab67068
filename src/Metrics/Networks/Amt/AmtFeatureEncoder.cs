using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>Frames to the features at an eighth of their size that are correlated: the small encoder of RAFT.</summary>
internal sealed class AmtFeatureEncoder
{
    private const long FeatureCount = 84;

    private readonly Convolution _start, _end;
    private readonly AmtBottleneck[] _blocks;

    public AmtFeatureEncoder(Weights weights)
    {
        _start = new Convolution(weights["conv1"], 3, 32, 7, stride: 2);
        _blocks =
        [
            new(weights["layer1"][0], 32, 32, 1), new(weights["layer1"][1], 32, 32, 1),
            new(weights["layer2"][0], 32, 64, 2), new(weights["layer2"][1], 64, 64, 1),
            new(weights["layer3"][0], 64, 96, 2), new(weights["layer3"][1], 96, 96, 1),
        ];
        _end = new Convolution(weights["conv2"], 96, FeatureCount, 1);
    }

    /// <param name="x">[B, 3, H, W], H and W multiples of 8.</param>
    /// <returns>[B, 84, H/8, W/8].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = AmtBottleneck.Cut(_start.Forward(x));
        foreach (var block in _blocks)
        {
            var next = block.Forward(x);
            x.Dispose();
            x = next;
        }
        return _end.Forward(x).MoveToOuterDisposeScope();
    }
}
