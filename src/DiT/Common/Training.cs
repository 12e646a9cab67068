using static TorchSharp.torch;

namespace XVideo.DiT.Common;

/// <summary>How the same layers compute while they are trained.</summary>
internal static class Training
{
    /// <summary>
    /// Whether results between operators stay in bfloat16: in training, where half the memory traffic counts for more than the last bits. Inference
    /// rounds once, after a whole chain in float32.
    /// </summary>
    public static bool Halves(Tensor x) => is_grad_enabled() && x.dtype == ScalarType.BFloat16;
}
