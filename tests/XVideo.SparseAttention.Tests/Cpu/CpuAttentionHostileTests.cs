using TorchSharp;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed class CpuAttentionHostileTests : IDisposable
{
    private const int Keys = 151;
    private const int Dimension = 16;
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Kernels => AttentionInputs.Kernels;

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_ScoresOfTenThousand_PickTheLargestKey(string kernel)
    {
        // Score of key j is 100 · (±100 at two keys, j mod 90 elsewhere): gaps of at least 100, so that one key takes all weight.
        foreach (var (winner, loser) in ((int, int)[])[(0, 150), (150, 0), (64, 63)])
        {
            var query = full([1, 1, 1, Dimension], 0f);
            query.narrow(3, 0, 1).fill_(100);
            var first = Enumerable.Range(0, Keys).Select(j => j == winner ? 100f : j == loser ? -100f : j % 90).ToArray();
            var key = zeros([1, 1, Keys, Dimension]);
            key.narrow(3, 0, 1).copy_(tensor(first).reshape(1, 1, Keys, 1));
            var value = Normal(3, 1, 1, Keys, Dimension);
            var result = Run(kernel, query, key, value, scale: 1);
            Assert.Equal(Bits(value.narrow(2, winner, 1)), Bits(result));
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_ConstantKeys_GiveTheMeanOfTheValues(string kernel)
    {
        var value = Normal(3, 1, 1, Keys, Dimension);
        foreach (var size in (float[])[0f, 1f, -1f, 1e4f, -1e4f])
        {
            var query = full([1, 1, 5, Dimension], 1f);
            var key = full([1, 1, Keys, Dimension], size);
            new AttentionReference(query, key, value).AssertClose(Run(kernel, query, key, value));
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_OutlierChannel_MatchesFloat64(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 1, 70, 64), Normal(2, 1, 1, Keys, 64), Normal(3, 1, 1, Keys, 64));
        key.narrow(3, 5, 1).add_(60);
        new AttentionReference(query, key, value).AssertClose(Run(kernel, query, key, value), relative: 1e-5);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_LogitsOfMinusInfinity_HaveNoWeight(string kernel)
    {
        // A whole first tile, and one key of the last.
        var query = Normal(1, 1, 1, 3, Dimension).abs();
        var (key, value) = (Normal(2, 1, 1, Keys, Dimension), Normal(3, 1, 1, Keys, Dimension));
        key.narrow(2, 0, 64).fill_(float.NegativeInfinity);
        key.narrow(2, 150, 1).fill_(float.NegativeInfinity);
        var result = AttentionReference.Numbers(Run(kernel, query, key, value));
        var reference = new AttentionReference(query, key, value);
        for (var token = 0; token < 3; token++)
        {
            var expected = reference.Row(0, token, sees: j => j >= 64 && j != 150);
            for (var d = 0; d < Dimension; d++) Assert.Equal(expected[d], result[token * Dimension + d], 1e-5);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_EveryLogitMinusInfinity_IsNaN(string kernel)
    {
        var result = Run(kernel, full([1, 1, 2, Dimension], 1f), full([1, 1, Keys, Dimension], float.NegativeInfinity), Normal(3, 1, 1, Keys, Dimension));
        Assert.All(AttentionReference.Numbers(result), number => Assert.True(double.IsNaN(number)));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_NaNInOneKey_ReachesItsHeadOnly(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 3, 70, Dimension), Normal(2, 1, 3, Keys, Dimension), Normal(3, 1, 3, Keys, Dimension));
        var clean = Bits(Run(kernel, query, key, value));
        foreach (var hostile in (float[])[float.NaN, float.PositiveInfinity])
        {
            foreach (var token in (int[])[0, 1, 63, 64, 150])
            {
                var spoiled = key.clone();
                // A positive query makes the score +∞ there; ∞ − ∞ is NaN.
                spoiled.narrow(1, 1, 1).narrow(2, token, 1).narrow(3, 0, 1).fill_(hostile);
                var positive = query.abs();
                var cleanPositive = Bits(Run(kernel, positive, key, value));
                var result = Run(kernel, positive, spoiled, value);
                Assert.All(AttentionReference.Numbers(result.narrow(1, 1, 1)), number => Assert.True(double.IsNaN(number)));
                var bits = Bits(result);
                var perHead = 70 * Dimension;
                Assert.Equal(cleanPositive[..perHead], bits[..perHead]);
                Assert.Equal(cleanPositive[(2 * perHead)..], bits[(2 * perHead)..]);
            }
        }
        Assert.Equal(clean, Bits(Run(kernel, query, key, value)));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_NaNInOneQuery_ReachesItsRowOnly(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 1, 70, Dimension), Normal(2, 1, 1, Keys, Dimension), Normal(3, 1, 1, Keys, Dimension));
        var clean = Bits(Run(kernel, query, key, value));
        query.narrow(2, 5, 1).fill_(float.NaN);
        var result = Run(kernel, query, key, value);
        Assert.All(AttentionReference.Numbers(result.narrow(2, 5, 1)), number => Assert.True(double.IsNaN(number)));
        var bits = Bits(result);
        Assert.Equal(clean[..(5 * Dimension)], bits[..(5 * Dimension)]);
        Assert.Equal(clean[(6 * Dimension)..], bits[(6 * Dimension)..]);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_NaNInOneValue_ReachesItsChannelOnly(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 1, 70, Dimension), Normal(2, 1, 1, Keys, Dimension), Normal(3, 1, 1, Keys, Dimension));
        var clean = Bits(Run(kernel, query, key, value));
        value.narrow(2, 77, 1).narrow(3, 9, 1).fill_(float.NaN);
        var bits = Bits(Run(kernel, query, key, value));
        for (var i = 0; i < bits.Length; i++)
        {
            if (i % Dimension == 9) Assert.True(float.IsNaN(BitConverter.Int32BitsToSingle(bits[i])));
            else Assert.Equal(clean[i], bits[i]);
        }
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_AnyThreadCount_GivesTheSameBits(string kernel)
    {
        var (query, key, value) = (Normal(1, 2, 3, 239, 40), Normal(2, 2, 3, 200, 40), Normal(3, 2, 3, 200, 40));
        var expected = Bits(Run(kernel, query, key, value, threads: 1));
        foreach (var threads in (int[])[2, 3, 8, 1000]) Assert.Equal(expected, Bits(Run(kernel, query, key, value, threads: threads)));
    }
}
