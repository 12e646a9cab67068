using XVideo.Torch.Interop;
using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>libtorch's own root-mean-square norm: on a GPU one pass over memory forwards and one backwards. TorchSharp has no door to it.</summary>
public static class RmsNormKernel
{
    /// <summary>Whether this libtorch has it (2.4 and later).</summary>
    public static bool Exists => Operator.Exists("rms_norm");

    /// <summary>x / rms(x) · γ over the last dimension, differentiable.</summary>
    /// <param name="x">[…, E].</param>
    /// <param name="gamma">[E], the type of x.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <exception cref="NotSupportedException">This libtorch does not have it.</exception>
    public static Tensor Apply(Tensor x, Tensor gamma, double epsilon) => Operator.Call("rms_norm", x, (long[])[x.size(-1)], gamma, epsilon);
}
