using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>The true weight of every block in full attention, to choose by (slowly) and to judge other selectors with.</summary>
public static class BlockMass
{
    // Scores of one stripe: 64 MiB in float32.
    private const long StripeScores = 16L << 20;

    /// <summary>Sums of the softmax of q·kᵀ/√D over blocks.</summary>
    /// <param name="query">[B, N, Sq, D], any floating type and device.</param>
    /// <param name="key">[B, N, Sk, D].</param>
    /// <param name="layout">How they are cut.</param>
    /// <returns>[B, N, Mq, Mk] float32; a row adds up to the number of queries in its block.</returns>
    /// <remarks>Computed in float32, a stripe of query blocks of one head at a time.</remarks>
    public static Tensor Compute(Tensor query, Tensor key, BlockLayout layout)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (batch, heads, size) = (query.size(0), query.size(1), layout.BlockSize);
        var mass = empty([batch, heads, layout.QueryBlocks, layout.KeyBlocks], ScalarType.Float32, query.device);
        var stripeBlocks = (int)Math.Clamp(StripeScores / ((long)size * layout.KeyTokens), 1, layout.QueryBlocks);
        for (var b = 0; b < batch; b++)
        {
            for (var head = 0; head < heads; head++)
            {
                using var headScope = NewDisposeScope();
                var q_sd = query.select(0, b).select(0, head).to(ScalarType.Float32) * (1 / Math.Sqrt(query.size(3)));
                var k_ds = key.select(0, b).select(0, head).to(ScalarType.Float32).transpose(0, 1);
                var target = mass.select(0, b).select(0, head);
                for (var first = 0; first < layout.QueryBlocks; first += stripeBlocks)
                    Stripe(q_sd, k_ds, layout, first, Math.Min(stripeBlocks, layout.QueryBlocks - first), target);
            }
        }
        return mass.MoveToOuterDisposeScope();
    }

    /// <summary>The share of the true weight that a list keeps, over all rows: 1 for a list of all blocks.</summary>
    /// <param name="mass">[B, N, Mq, Mk], of <see cref="Compute"/>.</param>
    /// <param name="list">B or N of size 1 stands for all.</param>
    public static double Recall(Tensor mass, BlockList list)
    {
        using var scope = NewDisposeScope();
        var wide = mass.to(ScalarType.Float64);
        return ((wide * list.ToMask().to(ScalarType.Float64)).sum() / wide.sum()).item<double>();
    }

    private static void Stripe(Tensor q_sd, Tensor k_ds, BlockLayout layout, int firstBlock, int blocks, Tensor target)
    {
        using var scope = NewDisposeScope();
        long size = layout.BlockSize, first = firstBlock * size;
        var weights = q_sd.narrow(0, first, Math.Min(blocks * size, layout.QueryTokens - first)).matmul(k_ds).softmax(-1);
        var padded = nn.functional.pad(weights, [0, (layout.KeyBlocks * size) - layout.KeyTokens, 0, (blocks * size) - weights.size(0)]);
        target.narrow(0, firstBlock, blocks).copy_(padded.reshape(blocks, size, layout.KeyBlocks, size).sum([1, 3]));
    }
}
