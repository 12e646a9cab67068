using XVideo.SparseAttention.Tests.Cpu;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Selectors.XAttention;

/// <summary>The scores by the definition: a double loop over antidiagonals, in float64.</summary>
internal static class AntidiagonalReference
{
    /// <summary>[B·N·Mq·Mk].</summary>
    public static double[] Scores(Tensor query, Tensor key, BlockLayout layout, int stride)
    {
        var (q, k) = (AttentionReference.Numbers(query), AttentionReference.Numbers(key));
        var (heads, dimension) = ((int)(query.size(0) * query.size(1)), (int)query.size(3));
        var (rows, columns) = ((layout.QueryTokens + stride - 1) / stride, (layout.KeyTokens + stride - 1) / stride);
        var scores = new double[heads * layout.QueryBlocks * layout.KeyBlocks];
        for (var head = 0; head < heads; head++)
        {
            for (var row = 0; row < rows; row++)
            {
                var logits = new double[columns];
                for (var column = 0; column < columns; column++) logits[column] = Antidiagonal(head, row, column) / (stride * Math.Sqrt(dimension));
                var largest = logits.Max();
                var total = logits.Sum(logit => Math.Exp(logit - largest));
                for (var column = 0; column < columns; column++)
                {
                    var at = (((head * layout.QueryBlocks) + (row * stride / layout.BlockSize)) * layout.KeyBlocks) + (column * stride / layout.BlockSize);
                    scores[at] += Math.Exp(logits[column] - largest) / total;
                }
            }
        }
        return scores;

        // The cells of the S × S square whose query and key offsets add up to S − 1.
        double Antidiagonal(int head, int row, int column)
        {
            var sum = 0.0;
            for (var offset = 0; offset < stride; offset++)
            {
                var (i, j) = ((row * stride) + stride - 1 - offset, (column * stride) + offset);
                if (i >= layout.QueryTokens || j >= layout.KeyTokens) continue;
                for (var d = 0; d < dimension; d++) sum += q[(((head * layout.QueryTokens) + i) * dimension) + d] * k[(((head * layout.KeyTokens) + j) * dimension) + d];
            }
            return sum;
        }
    }
}
