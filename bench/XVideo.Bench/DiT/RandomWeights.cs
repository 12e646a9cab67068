using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Bench.DiT;

/// <summary>Parameters made where they are used, without files: normal with deviation 1/√(inputs) for what multiplies, 1 for norms, 0 for biases.</summary>
/// <param name="dtype">Of the parameters.</param>
/// <param name="device">Where they are made.</param>
/// <param name="keepInFloat32">Parts of names whose parameters are float32 whatever <paramref name="dtype"/> says.</param>
internal sealed class RandomWeights(ScalarType dtype, Device device, IReadOnlyList<string> keepInFloat32) : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _made = new(StringComparer.Ordinal);

    /// <summary>Bytes of all parameters.</summary>
    public long SizeInBytes => _made.Values.Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>Numbers in all parameters.</summary>
    public long ElementCount => _made.Values.Sum(tensor => tensor.numel());

    /// <inheritdoc/>
    public Tensor Get(string name, long[] shape)
    {
        if (_made.TryGetValue(name, out var known)) return known;
        var type = keepInFloat32.Any(name.Contains) ? ScalarType.Float32 : dtype;
        return _made[name] = Make(name, shape, type).DetachFromDisposeScope();
    }

    /// <summary>Frees the parameters. The network must not be used afterwards.</summary>
    public void Dispose()
    {
        foreach (var tensor in _made.Values) tensor.Dispose();
        _made.Clear();
    }

    private Tensor Make(string name, long[] shape, ScalarType type)
    {
        if (name.EndsWith(".bias", StringComparison.Ordinal)) return zeros(shape, type, device);
        if (shape.Skip(1).All(size => size == 1)) return ones(shape, type, device);
        // Modulation tables have no inputs; they are as large as if they had the width.
        var inputs = name.EndsWith("scale_shift_table", StringComparison.Ordinal) ? shape[^1] : shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        return randn(shape, type, device).mul_(1 / Math.Sqrt(inputs));
    }
}
