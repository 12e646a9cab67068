using static TorchSharp.torch;

namespace XVideo.Torch.Weights;

/// <summary>A source seen from one module of a network: names are relative to the module's own prefix.</summary>
/// <example><c>weights["blocks"][3]["attn1"].Get("to_q.weight", E, E)</c> asks for <c>blocks.3.attn1.to_q.weight</c>.</example>
public readonly record struct Weights(IWeightSource Source, string Prefix = "")
{
    /// <summary>The parameters of a child module.</summary>
    public Weights this[string child] => this with { Prefix = $"{Prefix}{child}." };

    /// <summary>The parameters of the child at a position of a list of modules.</summary>
    public Weights this[int child] => this[child.ToString()];

    /// <inheritdoc cref="IWeightSource.Get"/>
    public Tensor Get(string name, params long[] shape) => Source.Get(Prefix + name, shape);
}
