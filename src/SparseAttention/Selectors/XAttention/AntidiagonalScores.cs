using TorchSharp;
using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>The scores of XAttention: how much of a coarse attention, sampled along antidiagonals, falls into each block.</summary>
/// <remarks>
/// S neighbouring queries, in reverse order, and S neighbouring keys are joined to rows of S·D numbers; their product is the sum of one antidiagonal of
/// logits. Divided by S·√D it goes through a softmax over all strided keys, and the result is added up over blocks. Strided rows that hold at least one
/// token count, with zeros for tokens past the end; others do not exist, so padding never changes a score.
/// Numerics: float32, softmax relative to the true maximum.
/// Cost: 1/(2S) of dense attention.
/// Source: Xu et al. 2025 (arXiv 2503.16428), section 2.
/// </remarks>
public static class AntidiagonalScores
{
    /// <summary>Computes the scores.</summary>
    /// <param name="query">[B, N, Sq, D], float32 or bfloat16; on a GPU, or with a D that is no multiple of 8, any floating type.</param>
    /// <param name="key">[B, N, Sk, D], same type and device.</param>
    /// <param name="layout">How they are cut.</param>
    /// <param name="stride">S: 4, 8 or 16.</param>
    /// <returns>[B, N, Mq, Mk] float32; a row adds up to the number of strided queries of its block, S to a full group.</returns>
    /// <exception cref="ArgumentException">The stride is none of these, or the inputs do not fit the layout.</exception>
    public static Tensor Compute(Tensor query, Tensor key, BlockLayout layout, int stride)
    {
        if (!XAttentionSettings.Strides.Contains(stride))
            throw new ArgumentException($"stride is {stride}; it must be one of {string.Join(", ", XAttentionSettings.Strides)}.", nameof(stride));
        if (query.size(2) != layout.QueryTokens || key.size(2) != layout.KeyTokens)
            throw new ArgumentException($"The layout is for Sq={layout.QueryTokens}, Sk={layout.KeyTokens}; the inputs have Sq={query.size(2)}, Sk={key.size(2)}.", nameof(layout));
        return IsFused(query, key) ? Fused(query, key, layout, stride, TileKernel.Supported[0], get_num_threads()) : StridedOperators.Scores(query, key, layout, stride);
    }

    internal static unsafe Tensor Fused(Tensor query, Tensor key, BlockLayout layout, int stride, TileKernel kernel, int threads)
    {
        using var scope = NewDisposeScope();
        var (batch, heads, dimension) = (query.size(0), query.size(1), (int)query.size(3));
        var scores = empty([batch, heads, layout.QueryBlocks, layout.KeyBlocks]);
        if (scores.numel() == 0) return scores.MoveToOuterDisposeScope();
        var (q, k) = (CpuAttention.WithContiguousRows(query), CpuAttention.WithContiguousRows(key));
        fixed (byte* target = scores.bytes)
        {
            new StridedRun(kernel, threads)
            {
                Query = new TokenRows(q),
                Key = new TokenRows(k),
                Scores = (float*)target,
                Heads = (int)(batch * heads),
                Shape = new StridedShape(layout.QueryTokens, layout.KeyTokens, dimension, stride, layout.BlockSize),
            }.Run();
        }
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        return scores.MoveToOuterDisposeScope();
    }

    private static bool IsFused(Tensor query, Tensor key) =>
        query.device_type == DeviceType.CPU && key.device_type == DeviceType.CPU && query.dtype == key.dtype
        && query.dtype is ScalarType.Float32 or ScalarType.BFloat16 && CpuAttention.IsDimension(query.size(3));
}
