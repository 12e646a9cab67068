using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>A permutation of tokens, the same for every head; attention does not depend on it, but what falls into a block does.</summary>
public sealed class TokenOrder : IDisposable
{
    private readonly Tensor _indices, _inverse;

    /// <param name="indices">[S] int64: new position p holds old token indices[p]; each token once. Taken over.</param>
    public TokenOrder(Tensor indices)
    {
        _indices = indices;
        _inverse = indices.argsort();
    }

    /// <summary>[B, N, S, D] in the new order.</summary>
    public Tensor Apply(Tensor x_bnsd) => x_bnsd.index_select(2, _indices);

    /// <summary>[B, N, S, D] back in the old order.</summary>
    public Tensor Undo(Tensor x_bnsd) => x_bnsd.index_select(2, _inverse);

    /// <summary>Takes the tables out of their scope: from now on only <see cref="Dispose"/> frees them. Returns this.</summary>
    public TokenOrder DetachFromDisposeScope()
    {
        _indices.DetachFromDisposeScope();
        _inverse.DetachFromDisposeScope();
        return this;
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _indices.Dispose();
        _inverse.Dispose();
    }
}
