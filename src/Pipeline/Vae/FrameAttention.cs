using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Self-attention with one head over the pixels of each frame by itself, added to the input.</summary>
internal sealed class FrameAttention(Weights weights, long channels)
{
    private readonly ChannelNorm _norm = new(weights["norm"], channels, perFrame: true);
    private readonly Tensor _queryKeyValue = weights["to_qkv"].Get("weight", 3 * channels, channels, 1, 1);
    private readonly Tensor _queryKeyValueBias = weights["to_qkv"].Get("bias", 3 * channels);
    private readonly Tensor _output = weights["proj"].Get("weight", channels, channels, 1, 1);
    private readonly Tensor _outputBias = weights["proj"].Get("bias", channels);

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, frames, height, width) = (x.size(0), x.size(2), x.size(3), x.size(4));
        var tokens = _norm.Forward(x).permute(0, 2, 3, 4, 1).reshape(batch * frames, 1, height * width, channels);
        var parts = nn.functional.linear(tokens, _queryKeyValue.reshape(3 * channels, channels), _queryKeyValueBias).chunk(3, -1);
        var mixed = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        var projected = nn.functional.linear(mixed, _output.reshape(channels, channels), _outputBias);
        return (x + projected.reshape(batch, frames, height, width, channels).permute(0, 4, 1, 2, 3)).MoveToOuterDisposeScope();
    }
}
