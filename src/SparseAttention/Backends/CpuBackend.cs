using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>The fused kernel for processors, <see cref="CpuAttention"/>: float32 and bfloat16, over lists or over all keys.</summary>
public sealed class CpuBackend : IAttentionBackend
{
    /// <inheritdoc/>
    public string Name => "cpu";

    /// <inheritdoc/>
    public string? Refusal(AttentionDesc desc) => CpuAttention.Refusal(desc);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or the list does not (<see cref="BlockListException"/>).</exception>
    /// <exception cref="InvalidOperationException">A gradient would be needed.</exception>
    public AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks = null, double? scale = null, bool wantsLogSumExp = false) =>
        CpuAttention.Forward(query, key, value, blocks, scale, wantsLogSumExp);
}
