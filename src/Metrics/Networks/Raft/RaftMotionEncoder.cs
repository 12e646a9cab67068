using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>What a flow and the correlations where it points to say about the motion.</summary>
internal sealed class RaftMotionEncoder(Weights weights, long lookedUp)
{
    private readonly Convolution _correlation1 = new(weights["convc1"], lookedUp, 256, 1);
    private readonly Convolution _correlation2 = new(weights["convc2"], 256, 192, 3);
    private readonly Convolution _flow1 = new(weights["convf1"], 2, 128, 7);
    private readonly Convolution _flow2 = new(weights["convf2"], 128, 64, 3);
    private readonly Convolution _both = new(weights["conv"], 192 + 64, 126, 3);

    /// <param name="flow">[1, 2, h, w].</param>
    /// <param name="correlation">[1, looked up, h, w].</param>
    /// <returns>[1, 128, h, w]; the last two channels are the flow.</returns>
    public Tensor Forward(Tensor flow, Tensor correlation)
    {
        using var scope = NewDisposeScope();
        var seen = Cut(_correlation2, Cut(_correlation1, correlation));
        var moved = Cut(_flow2, Cut(_flow1, flow));
        return cat([Cut(_both, cat([seen, moved], 1)), flow], 1).MoveToOuterDisposeScope();
    }

    private static Tensor Cut(Convolution layer, Tensor x) => nn.functional.relu(layer.Forward(x), inplace: true);
}
