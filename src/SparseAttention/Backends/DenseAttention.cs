using TorchSharp;
using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>Full attention: every query sees every key. The reference that sparse methods are compared with.</summary>
public sealed class DenseAttention : IAttentionBackend
{
    /// <inheritdoc/>
    public string Name => "dense";

    /// <inheritdoc/>
    public Tensor Forward(Tensor query, Tensor key, Tensor value) => CpuAttention.Supports(query, key, value)
        ? CpuAttention.Forward(query, key, value)
        : nn.functional.scaled_dot_product_attention(query, key, value);
}
