using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>Parameters from a formula of their names, the same as in <c>make_reference.py</c>: a network's reference values need no weight file.</summary>
internal sealed class FormulaWeights(double scale = 1) : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _made = [];

    public Weights Root => new(this);

    public Tensor Get(string name, long[] shape)
    {
        if (_made.TryGetValue(name, out var known)) return known;
        var salt = name.Select((letter, i) => (long)letter * (i + 1)).Sum() % 9973;
        var isHead = name.StartsWith("lin", StringComparison.Ordinal);
        var fan = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var values = Mix(shape.Aggregate(1L, (product, size) => product * size), salt).Select(x => shape.Length switch
        {
            0 => x + 3,
            1 when name.EndsWith("weight", StringComparison.Ordinal) => 1 + (x * 0.4),
            1 => x * 0.2 * scale,
            _ when isHead => Math.Abs(x * Math.Sqrt(24.0 / fan)),
            _ => x * Math.Sqrt(24.0 / fan) * scale,
        });
        return _made[name] = tensor([.. values.Select(value => (float)value)]).reshape(shape).DetachFromDisposeScope();
    }

    /// <summary>Numbers from −0.5 to 0.5.</summary>
    public static IEnumerable<double> Mix(long count, long salt)
    {
        for (var i = 0L; i < count; i++)
        {
            var x = (uint)(i + (salt * 1000003));
            for (var round = 0; round < 2; round++) x = (x ^ (x >> 16)) * 0x45d9f3b;
            yield return ((x ^ (x >> 16)) / 4294967296.0) - 0.5;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _made.Values) tensor.Dispose();
    }
}
