using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>A weighted sum of a sample and of data predictions, built term by term on the host and computed once.</summary>
internal sealed class LinearCombination
{
    private readonly List<(Tensor Tensor, double Weight)> _terms = [];

    /// <summary>Adds a term; a tensor that is there already gets the sum of its weights.</summary>
    public LinearCombination Add(double weight, Tensor tensor)
    {
        var known = _terms.FindIndex(term => ReferenceEquals(term.Tensor, tensor));
        if (known < 0) _terms.Add((tensor, weight));
        else _terms[known] = (tensor, _terms[known].Weight + weight);
        return this;
    }

    /// <summary>The sum, as a new tensor.</summary>
    public Tensor Compute()
    {
        var sum = _terms[0].Tensor * _terms[0].Weight;
        foreach (var (tensor, weight) in _terms.Skip(1)) sum = sum.add(tensor, weight);
        return sum;
    }
}
