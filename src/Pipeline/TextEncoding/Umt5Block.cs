using TorchSharp;
using TorchSharp.Modules;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.TextEncoding;

/// <summary>Self-attention with the block's own position bias, then a gated feed-forward network; each normed before and added to its input.</summary>
internal sealed class Umt5Block
{
    private readonly Umt5Config _config;
    private readonly Umt5Norm _attentionNorm, _feedForwardNorm;
    private readonly Tensor _query, _key, _value, _output, _positionBias, _gate, _up, _down;

    public Umt5Block(Umt5Config config, Weights layers)
    {
        _config = config;
        var attention = layers[0]["SelfAttention"];
        _query = attention.Get("q.weight", config.InnerWidth, config.Width);
        _key = attention.Get("k.weight", config.InnerWidth, config.Width);
        _value = attention.Get("v.weight", config.InnerWidth, config.Width);
        _output = attention.Get("o.weight", config.Width, config.InnerWidth);
        _positionBias = attention.Get("relative_attention_bias.weight", config.BucketCount, config.HeadCount);
        _attentionNorm = new Umt5Norm(config, layers[0]["layer_norm"]);
        var feedForward = layers[1]["DenseReluDense"];
        _gate = feedForward.Get("wi_0.weight", config.FeedForwardDim, config.Width);
        _up = feedForward.Get("wi_1.weight", config.FeedForwardDim, config.Width);
        _down = feedForward.Get("wo.weight", config.Width, config.FeedForwardDim);
        _feedForwardNorm = new Umt5Norm(config, layers[1]["layer_norm"]);
    }

    /// <param name="x">[B, L, E].</param>
    /// <param name="buckets">[L·L] int64: distance class of each (query, key).</param>
    /// <param name="hidden">[B, 1, 1, L] float32, added to the scores: 0, or very negative for padding.</param>
    public Tensor Forward(Tensor x, Tensor buckets, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        x = x + Attend(_attentionNorm.Forward(x), buckets, hidden);
        return (x + FeedForward(_feedForwardNorm.Forward(x))).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, Tensor buckets, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var length = x.size(1);
        var (query, key, value) = (SplitHeads(x, _query), SplitHeads(x, _key), SplitHeads(x, _value));
        var bias = _positionBias.to(ScalarType.Float32).index_select(0, buckets).reshape(length, length, _config.HeadCount).permute(2, 0, 1);   // [N, L, L]
        var scores = query.matmul(key.transpose(-2, -1)).to(ScalarType.Float32) + bias + hidden;   // [B, N, L, L]
        var seen = scores.softmax(-1).to(x.dtype).matmul(value);
        return nn.functional.linear(seen.transpose(1, 2).flatten(2), _output).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var gate = nn.functional.gelu(nn.functional.linear(x, _gate), GELU.Approximate.tanh);
        return nn.functional.linear(gate * nn.functional.linear(x, _up), _down).MoveToOuterDisposeScope();
    }

    private Tensor SplitHeads(Tensor x, Tensor weight) =>
        nn.functional.linear(x, weight).unflatten(-1, _config.HeadCount, _config.HeadDim).transpose(1, 2);   // [B, N, L, D]
}
