using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>A flow at an eighth of the size to the full size: every pixel is a weighted mean of the 3x3 coarse places around it.</summary>
internal sealed class ConvexUpsampling(Weights weights, long hidden)
{
    private const int Factor = 8, Side = 3;
    private const double WeightScale = 0.25;   // in the published network, to balance gradients

    private readonly Convolution _first = new(weights[0], hidden, 256, 3);
    private readonly Convolution _second = new(weights[2], 256, Side * Side * Factor * Factor, 1);

    /// <param name="state">[1, hidden, h, w], which says what to weigh.</param>
    /// <param name="flow">[1, 2, h, w] in coarse places.</param>
    /// <returns>[1, 2, 8·h, 8·w] in pixels.</returns>
    public Tensor Forward(Tensor state, Tensor flow)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (flow.size(2), flow.size(3));
        var scores = _second.Forward(nn.functional.relu(_first.Forward(state), inplace: true)) * WeightScale;
        var shares = scores.reshape(1, 1, Side * Side, Factor, Factor, rows, columns).softmax(2);
        var fine = (shares * Neighbours(flow * Factor)).sum(2);   // [1, 2, 8, 8, h, w]
        return fine.permute(0, 1, 4, 2, 5, 3).reshape(1, 2, rows * Factor, columns * Factor).MoveToOuterDisposeScope();
    }

    // [1, 2, 9, 1, 1, h, w]: the place up and left first, row by row; 0 outside.
    private static Tensor Neighbours(Tensor flow)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (flow.size(2), flow.size(3));
        var padded = nn.functional.pad(flow, [1, 1, 1, 1]);
        var shifted = from row in Enumerable.Range(0, Side) from column in Enumerable.Range(0, Side) select padded.narrow(2, row, rows).narrow(3, column, columns);
        return stack(shifted, 2).reshape(1, 2, Side * Side, 1, 1, rows, columns).MoveToOuterDisposeScope();
    }
}
