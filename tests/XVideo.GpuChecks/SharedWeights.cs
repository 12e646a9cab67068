using XVideo.DiT.Wan;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Random parameters that networks of different types share: rounded to bfloat16, except those that stay in float32 by the model's rules.</summary>
internal sealed class SharedWeights(Device device) : IDisposable
{
    private readonly Dictionary<string, Tensor> _parameters = [];

    /// <summary>The source of a network in bfloat16.</summary>
    public Weights BFloat16 => new(new Source(Get));

    /// <summary>The source of the same network in float32: its parameters have the same values.</summary>
    public Weights Float32 => new(new Source((name, shape) => WideOf(name, shape)));

    /// <summary>Frees all of them.</summary>
    public void Dispose()
    {
        foreach (var parameter in _parameters.Values) parameter.Dispose();
    }

    private Tensor WideOf(string name, long[] shape)
    {
        var key = name + " in float32";
        if (!_parameters.TryGetValue(key, out var wide)) _parameters[key] = wide = Get(name, shape).to(ScalarType.Float32, copy: true).DetachFromDisposeScope();
        return wide;
    }

    private Tensor Get(string name, long[] shape)
    {
        if (_parameters.TryGetValue(name, out var known)) return known;
        using var scope = NewDisposeScope();
        var fanIn = shape.Length > 1 ? shape[1..].Aggregate(1L, (product, size) => product * size) : 100;
        var isNorm = shape.Length == 1 && name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal);
        var values = (randn(shape, ScalarType.Float32, device) * (1 / Math.Sqrt(fanIn))) + (isNorm ? 1 : 0);
        var dtype = WanTransformer.KeepInFloat32.Any(name.Contains) ? ScalarType.Float32 : ScalarType.BFloat16;
        return _parameters[name] = values.to(dtype, copy: true).DetachFromDisposeScope();
    }

    private sealed class Source(Func<string, long[], Tensor> get) : IWeightSource
    {
        public Tensor Get(string name, long[] shape) => get(name, shape);
    }
}
