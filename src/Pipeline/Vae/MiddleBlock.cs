using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>The block at the lowest resolution: residual, attention within each frame, residual.</summary>
internal sealed class MiddleBlock(Weights weights, long channels)
{
    private readonly ResidualBlock _before = new(weights["resnets"][0], channels, channels);
    private readonly FrameAttention _attention = new(weights["attentions"][0], channels);
    private readonly ResidualBlock _after = new(weights["resnets"][1], channels, channels);

    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        return _after.Forward(_attention.Forward(_before.Forward(x, cache)), cache).MoveToOuterDisposeScope();
    }
}
