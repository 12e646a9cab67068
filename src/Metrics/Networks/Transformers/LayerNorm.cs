using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Transformers;

/// <summary>(x − mean) / √(variance + ε) · γ + β over the last dimension.</summary>
internal sealed class LayerNorm(Weights weights, long width, double epsilon)
{
    private readonly Tensor _gamma = weights.Get("weight", width);
    private readonly Tensor _beta = weights.Get("bias", width);

    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, [width], _gamma, _beta, epsilon);
}
