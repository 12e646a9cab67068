using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Transformers;

/// <summary>Self-attention, then a feed-forward network; each normed before and added to its input.</summary>
internal sealed class TransformerBlock(BlockParts parts, BlockShape shape)
{
    private const double QuickGeluSlope = 1.702;

    /// <param name="x">[B, S, E].</param>
    /// <param name="mask">[S, S], added to the scores; null for none.</param>
    /// <returns>[B, S, E].</returns>
    public Tensor Forward(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        x = x + Attend(parts.AttentionNorm.Forward(x), mask);
        return (x + parts.Down.Forward(Activate(parts.Up.Forward(parts.FeedForwardNorm.Forward(x))))).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var joined = parts.QueryKeyValue is [var single] ? single.Forward(x).chunk(3, -1) : [.. parts.QueryKeyValue.Select(part => part.Forward(x))];
        var heads = joined.Select(part => part.unflatten(-1, shape.HeadCount, shape.Width / shape.HeadCount).transpose(1, 2)).ToArray();   // [B, N, S, D]
        var seen = nn.functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], mask);
        return parts.Output.Forward(seen.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x) => shape.Activation == Activation.Gelu ? x.gelu() : x * (x * QuickGeluSlope).sigmoid();
}
