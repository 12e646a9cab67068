using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>Parameters from a formula of their names, the same as in <c>make_flow_reference.py</c>.</summary>
/// <param name="gain">What the gains of norms, or the slopes of PReLUs, lie around.</param>
internal sealed class Tier2Weights(double gain = 1) : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _made = [];

    public Weights Root => new(this);

    public Tensor Get(string name, long[] shape)
    {
        if (_made.TryGetValue(name, out var known)) return known;
        var fan = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var (offset, factor) = shape.Length switch
        {
            _ when name.EndsWith("running_var", StringComparison.Ordinal) => (1, 0.4),
            1 when name.EndsWith("weight", StringComparison.Ordinal) => (gain, 0.4),
            1 => (0, 0.2),
            _ => (0, Math.Sqrt(24.0 / fan)),
        };
        factor *= Damping(name);
        var salt = name.Select((letter, i) => (long)letter * (i + 1)).Sum() % 9973;
        var values = FormulaWeights.Mix(shape.Aggregate(1L, (product, size) => product * size), salt).Select(x => (float)(offset + (x * factor))).ToArray();
        return _made[name] = tensor(values).reshape(shape).DetachFromDisposeScope();
    }

    // Large random steps would make the 20 rounds of RAFT a chaos, and cut nearly every pixel of AMT off at 0 or 1.
    private static double Damping(string name) =>
        name.Contains("flow_head.conv2.", StringComparison.Ordinal) ? 0.1
        : name.Contains("convblock.2.", StringComparison.Ordinal) || name.Contains("comb_block.2.", StringComparison.Ordinal)
            || (name.StartsWith("update", StringComparison.Ordinal) && name.Contains(".flow_head.2.", StringComparison.Ordinal)) ? 0.05
        : 1;

    public void Dispose()
    {
        foreach (var tensor in _made.Values) tensor.Dispose();
    }
}
