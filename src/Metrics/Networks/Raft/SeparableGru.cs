using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>A gated recurrent unit over a map: one step along rows (1x5 kernels), one along columns (5x1).</summary>
internal sealed class SeparableGru(Weights weights, long hidden, long inputs)
{
    private readonly Step _alongRows = new(weights, "1", hidden, inputs, (1, 5));
    private readonly Step _alongColumns = new(weights, "2", hidden, inputs, (5, 1));

    /// <param name="state">[1, hidden, h, w].</param>
    /// <param name="x">[1, in, h, w].</param>
    /// <returns>The next state.</returns>
    public Tensor Forward(Tensor state, Tensor x)
    {
        using var scope = NewDisposeScope();
        return _alongColumns.Forward(_alongRows.Forward(state, x), x).MoveToOuterDisposeScope();
    }

    private sealed class Step(Weights weights, string suffix, long hidden, long inputs, (long Rows, long Columns) kernel)
    {
        private readonly Convolution _update = new(weights["convz" + suffix], hidden + inputs, hidden, kernel);
        private readonly Convolution _reset = new(weights["convr" + suffix], hidden + inputs, hidden, kernel);
        private readonly Convolution _candidate = new(weights["convq" + suffix], hidden + inputs, hidden, kernel);

        // (1 − z)·state + z·tanh(q([r·state, x]))
        public Tensor Forward(Tensor state, Tensor x)
        {
            using var scope = NewDisposeScope();
            var both = cat([state, x], 1);
            var update = _update.Forward(both).sigmoid();
            var candidate = _candidate.Forward(cat([_reset.Forward(both).sigmoid() * state, x], 1)).tanh();
            return (((1 - update) * state) + (update * candidate)).MoveToOuterDisposeScope();
        }
    }
}
