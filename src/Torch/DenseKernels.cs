using XVideo.Torch.Interop;
using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>The dense attention kernels that a libtorch with CUDA brings along, each by name: what our own are measured against.</summary>
public static class DenseKernels
{
    /// <summary>softmax(q·kᵀ/√D)·v by cuDNN.</summary>
    /// <param name="query">[B, N, Sq, D], bfloat16 or float16, on a GPU.</param>
    /// <param name="key">[B, N, Sk, D], same type and device.</param>
    /// <param name="value">[B, N, Sk, D], same type and device.</param>
    /// <returns>[B, N, Sq, D]. Only queues work.</returns>
    /// <exception cref="NotSupportedException">This libtorch does not have it.</exception>
    /// <exception cref="TorchException">It refuses these inputs or this device.</exception>
    public static Tensor Cudnn(Tensor query, Tensor key, Tensor value) => Operator.First(
        "_scaled_dot_product_cudnn_attention", query, key, value, Argument.None, /* compute_log_sumexp */ false, /* dropout_p */ 0.0, /* is_causal */ false, /* return_debug_mask */ false);

    /// <summary>The same by FlashAttention-2.</summary>
    /// <inheritdoc cref="Cudnn"/>
    public static Tensor Flash(Tensor query, Tensor key, Tensor value) => Operator.First(
        "_scaled_dot_product_flash_attention", query, key, value, /* dropout_p */ 0.0, /* is_causal */ false, /* return_debug_mask */ false);
}
