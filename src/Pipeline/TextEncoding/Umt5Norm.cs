using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.TextEncoding;

/// <summary>x / rms(x) · γ without a bias, in float32, returned in the type of x.</summary>
internal sealed class Umt5Norm(Umt5Config config, Weights weights)
{
    private readonly Tensor _gamma = weights.Get("weight", config.Width);

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var scale = wide.square().mean([-1], keepdim: true).add(config.Epsilon).rsqrt();
        return (wide * scale * _gamma.to(ScalarType.Float32)).to(x.dtype).MoveToOuterDisposeScope();
    }
}
