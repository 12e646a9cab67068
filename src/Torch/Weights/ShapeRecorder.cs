using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Weights;

/// <summary>Records which parameters a network asks for, without holding them: for planning memory and for writing new weight files.</summary>
public sealed class ShapeRecorder : IWeightSource, IDisposable
{
    private readonly Tensor _zero = zeros([]).DetachFromDisposeScope();
    private readonly List<(string Name, long[] Shape)> _parameters = [];
    private readonly Dictionary<string, Tensor> _handedOut = new(StringComparer.Ordinal);

    /// <summary>Name and shape of every parameter, in the order in which the network asked.</summary>
    public IReadOnlyList<(string Name, long[] Shape)> Parameters => _parameters;

    /// <summary>Numbers in all parameters together.</summary>
    public long ElementCount => _parameters.Sum(parameter => parameter.Shape.TotalSize());

    /// <inheritdoc/>
    public Tensor Get(string name, long[] shape)
    {
        if (_handedOut.TryGetValue(name, out var known)) return known;
        _parameters.Add((name, shape));
        return _handedOut[name] = _zero.expand(shape).DetachFromDisposeScope();
    }

    /// <summary>Frees the stand-in tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in _handedOut.Values) tensor.Dispose();
        _zero.Dispose();
    }
}
