using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>Self-attention as a transformer sees it; what is dense and what is sparse is decided behind it.</summary>
public interface IAttention
{
    /// <summary>softmax(q·kᵀ/√D)·v for every head, over all keys or the chosen ones.</summary>
    /// <param name="query">[B, N, S, D], any strides with D contiguous.</param>
    /// <param name="key">[B, N, S, D], same type and device.</param>
    /// <param name="value">[B, N, S, D], same type and device.</param>
    /// <param name="place">Which call of the request this is.</param>
    /// <returns>[B, N, S, D], new storage, in the type of the query.</returns>
    Tensor Forward(Tensor query, Tensor key, Tensor value, AttentionPlace place);
}
