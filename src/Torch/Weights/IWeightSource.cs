using static TorchSharp.torch;

namespace XVideo.Torch.Weights;

/// <summary>
/// Where a network's parameters come from: a file, a random initialisation, a training step's own tensors, or nowhere (only names and shapes).
/// A network is built by asking it for every parameter once, so each source can account for all of them.
/// </summary>
public interface IWeightSource
{
    /// <summary>The parameter of this full name.</summary>
    /// <param name="name">Name in the checkpoint, for example <c>blocks.0.attn1.to_q.weight</c>.</param>
    /// <param name="shape">The shape the network needs, by its config.</param>
    /// <returns>A tensor of that shape. The source keeps it and disposes it.</returns>
    Tensor Get(string name, long[] shape);
}
