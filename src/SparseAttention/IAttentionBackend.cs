using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>Computes attention over block lists, or over all keys.</summary>
public interface IAttentionBackend
{
    /// <summary>The name that requests and reports use, for example <c>cpu</c> or <c>sm90</c>.</summary>
    string Name { get; }

    /// <summary>Why this backend cannot do it, as a sentence with values; <see langword="null"/> when it can. Needs no device and computes nothing.</summary>
    string? Refusal(AttentionDesc desc);

    /// <summary>softmax(scale · q·kᵀ)·v, where each block of queries sees only the key blocks listed for it.</summary>
    /// <param name="query">[B, N, Sq, D], D contiguous.</param>
    /// <param name="key">[B, N, Sk, D], same type and device.</param>
    /// <param name="value">[B, N, Sk, D], as the key.</param>
    /// <param name="blocks">Which blocks; <see langword="null"/>: all of them.</param>
    /// <param name="scale">Finite and positive; <see langword="null"/> means 1/√D.</param>
    /// <param name="wantsLogSumExp">Whether to return it too.</param>
    /// <remarks>A row without listed blocks gives zeros and −∞. On a GPU it only queues work.</remarks>
    AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks = null, double? scale = null, bool wantsLogSumExp = false);
}
