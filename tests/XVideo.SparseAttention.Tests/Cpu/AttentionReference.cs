using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Cpu;

/// <summary>Attention in float64 by the definition, for single rows: the meaning of correct.</summary>
internal sealed class AttentionReference
{
    private readonly double[] _query, _key, _value;
    private readonly int _queries, _keys, _dimension;
    private readonly double _scale;

    public AttentionReference(Tensor query, Tensor key, Tensor value, double? scale = null)
    {
        (_query, _key, _value) = (Numbers(query), Numbers(key), Numbers(value));
        (_queries, _keys, _dimension) = ((int)query.size(2), (int)key.size(2), (int)query.size(3));
        _scale = scale ?? 1 / Math.Sqrt(_dimension);
    }

    /// <summary>The elements in the order of [B, N, S, D].</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(float64).contiguous().data<double>().ToArray();
    }

    /// <summary>Output of one query of one head (index over B·N), over the keys that <paramref name="sees"/> admits.</summary>
    public double[] Row(int head, int token, Func<int, bool>? sees = null)
    {
        var weights = new double[_keys];
        var maximum = double.NegativeInfinity;
        for (var key = 0; key < _keys; key++)
        {
            var score = 0.0;
            for (var d = 0; d < _dimension; d++) score += _query[(head * _queries + token) * _dimension + d] * _key[(head * _keys + key) * _dimension + d];
            weights[key] = score * _scale;
            if (sees is null || sees(key)) maximum = Math.Max(maximum, weights[key]);
        }

        var sum = 0.0;
        var row = new double[_dimension];
        for (var key = 0; key < _keys; key++)
        {
            if (sees is not null && !sees(key)) continue;
            var weight = Math.Exp(weights[key] - maximum);
            sum += weight;
            for (var d = 0; d < _dimension; d++) row[d] += weight * _value[(head * _keys + key) * _dimension + d];
        }
        for (var d = 0; d < _dimension; d++) row[d] /= sum;
        return row;
    }

    /// <summary>Fails where <paramref name="result"/> [B, N, Sq, D] is further than the tolerance from the definition; NaN is always too far.</summary>
    /// <param name="result">What the kernel computed.</param>
    /// <param name="relative">Allowed error per unit of the expected number, beside 1e-5.</param>
    /// <param name="tokens">Rows to look at; all if null.</param>
    public void AssertClose(Tensor result, double relative = 0, IEnumerable<int>? tokens = null)
    {
        var numbers = Numbers(result);
        var heads = numbers.Length / (_queries * _dimension);
        var worst = (Excess: double.NegativeInfinity, Message: "");
        foreach (var token in tokens ?? Enumerable.Range(0, _queries))
        {
            for (var head = 0; head < heads; head++)
            {
                var expected = Row(head, token);
                for (var d = 0; d < _dimension; d++)
                {
                    var got = numbers[(head * _queries + token) * _dimension + d];
                    var excess = Math.Abs(got - expected[d]) - (1e-5 + relative * Math.Abs(expected[d]));
                    if (double.IsNaN(excess)) excess = double.PositiveInfinity;
                    if (excess > worst.Excess) worst = (excess, $"head {head}, token {token}, channel {d}: expected {expected[d]}, got {got}");
                }
            }
        }
        Assert.True(worst.Excess <= 0, worst.Message);
    }
}
