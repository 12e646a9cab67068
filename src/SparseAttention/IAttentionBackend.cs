using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>Computes self-attention of one layer.</summary>
public interface IAttentionBackend
{
    /// <summary>The name that requests and reports use, for example <c>dense</c>.</summary>
    string Name { get; }

    /// <summary>softmax(q·kᵀ/√D)·v for every head.</summary>
    /// <param name="query">[B, N, S, D], any strides.</param>
    /// <param name="key">[B, N, S, D], same type and device.</param>
    /// <param name="value">[B, N, S, D], same type and device.</param>
    /// <returns>[B, N, S, D], new storage, in the type of the query.</returns>
    Tensor Forward(Tensor query, Tensor key, Tensor value);
}
