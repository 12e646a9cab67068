using static TorchSharp.torch;

namespace XVideo.SparseAttention.Quality;

/// <summary>What a choice of blocks keeps and loses in one attention call, against full attention on the same queries, keys and values.</summary>
public sealed record SelectionQuality
{
    /// <summary>Kept blocks over all blocks, 0 to 1.</summary>
    public required double Density { get; init; }

    /// <summary>Share of a row's exact softmax weight that lies in kept blocks, 0 to 1: the mean over all rows (tokens of every head).</summary>
    public required double Recall { get; init; }

    /// <summary>The first percentile of that share over rows, between neighbours by straight line.</summary>
    public required double RecallP1 { get; init; }

    /// <summary>The least of that share over rows.</summary>
    public required double RecallMin { get; init; }

    /// <summary>Mean recall of the best choice of as many blocks in every row of blocks: <see cref="Recall"/> cannot exceed it but for rounding.</summary>
    public required double OracleRecall { get; init; }

    /// <summary>Of the output of all heads, taken as one vector.</summary>
    public required OutputError Error { get; init; }

    /// <summary>Means over heads of the error of each; of <see cref="OutputError.MaxAbs"/> the largest.</summary>
    public required OutputError HeadError { get; init; }

    /// <summary>Each head, those of the first batch item first.</summary>
    public required IReadOnlyList<HeadQuality> Heads { get; init; }

    /// <summary>Measures one choice. For several choices on the same inputs, ask one <see cref="FullAttention"/>.</summary>
    /// <param name="query">[B, N, Sq, D], any floating type and device, not empty.</param>
    /// <param name="key">[B, N, Sk, D], likewise.</param>
    /// <param name="value">[B, N, Sk, D], likewise.</param>
    /// <param name="blocks">For these inputs.</param>
    /// <exception cref="ArgumentException">A shape, type or device does not fit; the message has both sides.</exception>
    public static SelectionQuality Measure(Tensor query, Tensor key, Tensor value, BlockList blocks)
    {
        using var exact = new FullAttention(query, key, value);
        return exact.Measure(blocks);
    }
}
