using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Operators;

public sealed class AttentionTests
{
    // 300 and 513 query rows need more than one pass where the product is composed.
    [Theory]
    [InlineData(1, 1, "none")]
    [InlineData(37, 5, "full")]
    [InlineData(300, 41, "none")]
    [InlineData(300, 41, "row")]
    [InlineData(513, 17, "full")]
    public void ScaledDotProductAttention_AnyMask_MatchesFloat64(long queries, long keys, string maskKind)
    {
        using var scope = NewDisposeScope();
        const int heads = 2, width = 16;
        var query = TensorAssert.Random(1, 1, heads, queries, width) * 3;
        var key = TensorAssert.Random(2, 1, heads, keys, width);
        var value = TensorAssert.Random(3, 1, heads, keys, width);
        var mask = maskKind switch
        {
            "full" => TensorAssert.Random(4, 1, heads, queries, keys),
            "row" => TensorAssert.Random(4, 1, 1, 1, keys),
            _ => null,
        };
        var expected = Explicit(query, key, value, mask);
        TensorAssert.Equal([1, heads, queries, width], expected, nn.functional.scaled_dot_product_attention(query, key, value, mask), 1e-12);
        var single = nn.functional.scaled_dot_product_attention(query.@float(), key.@float(), value.@float(), mask?.@float());
        TensorAssert.Equal([1, heads, queries, width], expected, single, 1e-5);
    }

    [Fact]
    public void ScaledDotProductAttention_MaskOfMinusInfinity_HidesKeys()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (TensorAssert.Random(1, 1, 1, 4, 8), TensorAssert.Random(2, 1, 1, 6, 8), TensorAssert.Random(3, 1, 1, 6, 8));
        var mask = tensor(new[] { 0, 0, 0, 0, double.NegativeInfinity, double.NegativeInfinity }).reshape(1, 1, 1, 6);
        var expected = TensorAssert.Numbers(nn.functional.scaled_dot_product_attention(query, key.narrow(-2, 0, 4), value.narrow(-2, 0, 4)));
        TensorAssert.Equal([1, 1, 4, 8], expected, nn.functional.scaled_dot_product_attention(query, key, value, mask), 1e-12);
    }

    [Fact]
    public void ScaledDotProductAttention_DropoutOrCausal_IsRefused()
    {
        using var x = zeros([1, 1, 2, 4]);
        Assert.Throws<NotSupportedException>(() => nn.functional.scaled_dot_product_attention(x, x, x, p: 0.1));
        Assert.Throws<NotSupportedException>(() => nn.functional.scaled_dot_product_attention(x, x, x, is_casual: true));
    }

    private static double[] Explicit(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        var (q, k, v) = (TensorAssert.Numbers(query), TensorAssert.Numbers(key), TensorAssert.Numbers(value));
        int heads = (int)query.size(1), rows = (int)query.size(2), columns = (int)key.size(2), width = (int)query.size(3);
        var m = mask is null ? null : TensorAssert.Numbers(mask.expand(1, heads, rows, columns));
        var output = new double[heads * rows * width];
        for (var h = 0; h < heads; h++)
            for (var r = 0; r < rows; r++)
            {
                var scores = new double[columns];
                for (var c = 0; c < columns; c++)
                {
                    for (var d = 0; d < width; d++) scores[c] += q[(((h * rows) + r) * width) + d] * k[(((h * columns) + c) * width) + d];
                    scores[c] = (scores[c] / Math.Sqrt(width)) + (m?[(((h * rows) + r) * columns) + c] ?? 0);
                }
                var top = scores.Max();
                var weights = scores.Select(score => Math.Exp(score - top)).ToArray();
                var total = weights.Sum();
                for (var c = 0; c < columns; c++)
                    for (var d = 0; d < width; d++)
                        output[(((h * rows) + r) * width) + d] += weights[c] / total * v[(((h * columns) + c) * width) + d];
            }
        return output;
    }
}
