using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>
/// Full attention by the best backend for the inputs: our kernels on a processor and on a GPU, libtorch's where they do not take them, for example in
/// float32 on a GPU or where a gradient is needed.
/// </summary>
public sealed class DenseAttention : IAttention
{
    private static readonly CpuBackend Cpu = new();
    private static readonly SdpaBackend Sdpa = new();

    /// <summary>softmax(q·kᵀ/√D)·v for every head.</summary>
    /// <param name="query">[B, N, Sq, D].</param>
    /// <param name="key">[B, N, Sk, D], same type and device.</param>
    /// <param name="value">[B, N, Sk, D], same type and device.</param>
    /// <returns>[B, N, Sq, D] in the type of the query.</returns>
    public Tensor Forward(Tensor query, Tensor key, Tensor value)
    {
        IAttentionBackend backend = CpuAttention.Supports(query, key, value) ? Cpu : CudaBackend.ForDense(query, key, value) ?? (IAttentionBackend)Sdpa;
        return backend.Forward(query, key, value).Output;
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, AttentionPlace place) => Forward(query, key, value);
}
