using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>libtorch's scaled_dot_product_attention: any device, type and head dimension, differentiable, over all keys only.</summary>
public sealed class SdpaBackend : IAttentionBackend
{
    /// <inheritdoc/>
    public string Name => "sdpa";

    /// <inheritdoc/>
    public string? Refusal(AttentionDesc desc)
    {
        if (desc.BlockSize is { } size) return $"sdpa attends to all keys; it takes no lists of blocks of {size} tokens.";
        return ReferenceBackend.IsFloating(desc.DType) ? null : $"sdpa needs a floating-point type; got {desc.DType}.";
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or there is a list.</exception>
    /// <exception cref="NotSupportedException">The log-sum-exp was asked for.</exception>
    public AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks = null, double? scale = null, bool wantsLogSumExp = false)
    {
        AttentionInputs.Check(query, key, value, blocks, scale);
        if (Refusal(AttentionInputs.Describe(query, key, blocks)) is { } refusal) throw new ArgumentException(refusal, nameof(query));
        if (wantsLogSumExp) throw new NotSupportedException("sdpa does not give the log-sum-exp. Use the backend cpu, reference, sm80 or sm90.");
        if (scale is not { } factor) return new AttentionResult(nn.functional.scaled_dot_product_attention(query, key, value));
        // The operator divides by √D.
        using var scaled = query * (factor * Math.Sqrt(query.size(3)));
        return new AttentionResult(nn.functional.scaled_dot_product_attention(scaled, key, value));
    }
}
