using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>The scores of XAttention with tensor operators, on any device: what the fused ones are compared with.</summary>
internal static class StridedOperators
{
    // Strided logits of one stripe: 64 MiB in float32.
    private const long StripeScores = 16L << 20;

    /// <summary>[B, N, Mq, Mk] float32; queues work without waiting for it.</summary>
    public static Tensor Scores(Tensor query, Tensor key, BlockLayout layout, int stride)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (batch, heads, perBlock) = (query.size(0), query.size(1), layout.BlockSize / stride);
        var k = Strided(key, layout.KeyBlocks * layout.BlockSize, stride).flatten(3).transpose(2, 3);
        var q = Strided(query, layout.QueryBlocks * layout.BlockSize, stride).flip(3).flatten(3) * (1 / (stride * Math.Sqrt(query.size(3))));
        var missingKeys = Numbers(layout.KeyBlocks * perBlock).ge(CeilDivide(layout.KeyTokens, stride));
        var missingQueries = Numbers(layout.QueryBlocks * perBlock).ge(CeilDivide(layout.QueryTokens, stride)).unsqueeze(-1);

        var stripes = new List<Tensor>();
        var stripeBlocks = Math.Clamp(StripeScores / (batch * heads * perBlock * perBlock * layout.KeyBlocks), 1, layout.QueryBlocks);
        for (long first = 0; first < layout.QueryBlocks; first += stripeBlocks)
        {
            using var stripeScope = NewDisposeScope();
            var blocks = Math.Min(stripeBlocks, layout.QueryBlocks - first);
            var weights = q.narrow(2, first * perBlock, blocks * perBlock).matmul(k)
                .masked_fill(missingKeys, double.NegativeInfinity).softmax(-1)
                .masked_fill(missingQueries.narrow(0, first * perBlock, blocks * perBlock), 0);
            stripes.Add(weights.reshape(batch, heads, blocks, perBlock, layout.KeyBlocks, perBlock).sum([3, 5]).MoveToOuterDisposeScope());
        }
        return cat(stripes, 2).MoveToOuterDisposeScope();

        Tensor Numbers(long count) => arange(count, device: query.device);
    }

    // [B, N, tokens / S, S, D] in float32, zeros past the end.
    private static Tensor Strided(Tensor x_bnsd, long tokens, int stride) =>
        nn.functional.pad(x_bnsd.to(ScalarType.Float32), [0, 0, 0, tokens - x_bnsd.size(2)]).unflatten(2, tokens / stride, stride);

    private static int CeilDivide(int value, int divisor) => (value + divisor - 1) / divisor;
}
