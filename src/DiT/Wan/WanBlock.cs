using TorchSharp;
using XVideo.DiT.Common;
using XVideo.SparseAttention;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.DiT.Wan;

/// <summary>One transformer block: self-attention, cross-attention to the text, feed-forward; the first and last modulated by the time.</summary>
internal sealed class WanBlock(WanTransformerConfig config, Weights weights)
{
    private readonly Tensor _modulation = weights.Get("scale_shift_table", 1, 6, config.Width);
    private readonly WanAttention _selfAttention = new(config, weights["attn1"]);
    private readonly WanAttention _crossAttention = new(config, weights["attn2"]);
    private readonly Tensor? _crossNormWeight = config.CrossAttentionNorm ? weights["norm2"].Get("weight", config.Width) : null;
    private readonly Tensor? _crossNormBias = config.CrossAttentionNorm ? weights["norm2"].Get("bias", config.Width) : null;
    private readonly Linear _feedForwardIn = new(weights["ffn"]["net"][0]["proj"], config.Width, config.FeedForwardDim);
    private readonly Linear _feedForwardOut = new(weights["ffn"]["net"][2], config.FeedForwardDim, config.Width);

    /// <param name="x">[B, S, E] video tokens.</param>
    /// <param name="text">[B, L, E] projected text tokens.</param>
    /// <param name="time">[B, 6, E] float32: shift, scale and gate for self-attention, then for the feed-forward.</param>
    /// <param name="rotary">Positions of the tokens.</param>
    /// <param name="attention">Computes the self-attention.</param>
    /// <param name="place">Which call of it this is.</param>
    /// <returns>[B, S, E], the type of x.</returns>
    public Tensor Forward(Tensor x, Tensor text, Tensor time, RotaryEmbedding rotary, IAttention attention, AttentionPlace place)
    {
        using var scope = NewDisposeScope();
        var modulation = (_modulation.to(ScalarType.Float32) + time).chunk(6, 1);
        var (attentionShift, attentionScale, attentionGate) = (modulation[0], modulation[1], modulation[2]);
        var (feedForwardShift, feedForwardScale, feedForwardGate) = (modulation[3], modulation[4], modulation[5]);

        // 1. Self-attention
        var attended = _selfAttention.SelfAttend(Modulation.NormScaleShift(x, attentionScale, attentionShift, config.Epsilon), rotary, attention, place);

        // 2. Cross-attention: its output is added without a gate
        (x, var normed) = _crossNormWeight is null
            ? Twice(Modulation.Gate(x, attended, attentionGate))
            : Modulation.GateThenNormAffine(x, attended, attentionGate, _crossNormWeight, _crossNormBias!, config.Epsilon);
        var crossed = _crossAttention.CrossAttend(normed, text);

        // 3. Feed-forward
        (x, normed) = Modulation.AddThenNormScaleShift(x, crossed, feedForwardScale, feedForwardShift, config.Epsilon);
        var hidden = Activations.GeluTanh(_feedForwardIn.Forward(normed));
        return Modulation.Gate(x, _feedForwardOut.Forward(hidden), feedForwardGate).MoveToOuterDisposeScope();
    }

    private static (Tensor, Tensor) Twice(Tensor x) => (x, x);
}
