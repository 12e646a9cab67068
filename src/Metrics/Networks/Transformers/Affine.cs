using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Transformers;

/// <summary>x·Wᵀ + b over the last dimension.</summary>
/// <param name="Weight">[out, in].</param>
/// <param name="Bias">[out].</param>
internal readonly record struct Affine(Tensor Weight, Tensor Bias)
{
    /// <summary>Takes <c>weight</c> and <c>bias</c> of a module.</summary>
    public static Affine Take(Weights module, long outputs, long inputs) => new(module.Get("weight", outputs, inputs), module.Get("bias", outputs));

    public Tensor Forward(Tensor x) => nn.functional.linear(x, Weight, Bias);
}
