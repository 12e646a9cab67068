using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>Pictures to features at an eighth of their size.</summary>
internal sealed class RaftEncoder
{
    /// <summary>Channels of the features.</summary>
    public const long FeatureCount = 256;

    private readonly Convolution _start, _end;
    private readonly Func<Tensor, Tensor> _startNorm;
    private readonly RaftResidualBlock[] _blocks;

    public RaftEncoder(Weights weights, ChannelNorm norm)
    {
        (_start, _startNorm) = (new Convolution(weights["conv1"], 3, 64, 7, stride: 2), norm(weights["norm1"], 64));
        _blocks = [.. Stages(weights, norm)];
        _end = new Convolution(weights["conv2"], 128, FeatureCount, 1);
    }

    /// <param name="x">[B, 3, H, W] from −1 to 1, H and W multiples of 8.</param>
    /// <returns>[B, 256, H/8, W/8].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = nn.functional.relu(_startNorm(_start.Forward(x)), inplace: true);
        foreach (var block in _blocks)
        {
            var next = block.Forward(x);
            x.Dispose();
            x = next;
        }
        return _end.Forward(x).MoveToOuterDisposeScope();
    }

    private static IEnumerable<RaftResidualBlock> Stages(Weights weights, ChannelNorm norm)
    {
        var inputs = 64L;
        foreach (var (name, outputs, stride) in new[] { ("layer1", 64L, 1L), ("layer2", 96L, 2L), ("layer3", 128L, 2L) })
        {
            yield return new RaftResidualBlock(weights[name][0], inputs, outputs, stride, norm);
            yield return new RaftResidualBlock(weights[name][1], outputs, outputs, 1, norm);
            inputs = outputs;
        }
    }
}
