using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.Vae;

/// <summary>Seeded parameters for networks of any size, and small networks made of them.</summary>
internal sealed class RandomWeights(ScalarType dtype, bool requiresGradient) : IWeightSource
{
    public Dictionary<string, Tensor> Parameters { get; } = [];

    public Tensor Get(string name, long[] shape)
    {
        if (Parameters.TryGetValue(name, out var known)) return known;
        var fanIn = shape.Length > 1 ? shape[1..].Aggregate(1L, (product, size) => product * size) : 100;
        using var random = name.EndsWith("gamma", StringComparison.Ordinal) ? rand(shape) + 0.5 : randn(shape) * (1 / Math.Sqrt(fanIn));
        var parameter = random.to(dtype, copy: true).DetachFromDisposeScope();
        parameter.requires_grad = requiresGradient;
        return Parameters[name] = parameter;
    }

    public static WanVaeConfig Config(long baseDim, params long[] dimMult) => new(
        baseDim, baseDim, dimMult, 1, [.. Enumerable.Range(1, dimMult.Length - 1).Select(level => level > dimMult.Length - 3)],
        4, 3, 3, [0.5, -1, 0, 2], [1, 2, 0.5, 3]);

    public static WanVae Vae(WanVaeConfig config, ScalarType dtype = ScalarType.Float32)
    {
        manual_seed(7);
        return new WanVae(config, new Weights(new RandomWeights(dtype, requiresGradient: false)));
    }
}
