using TorchSharp;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Tests.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Backends;

public sealed class ReferenceBackendTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Forward_SomeBlocks_IsTheDefinitionOverTheirTokens()
    {
        var (query, key, value) = (Normal(1, 2, 2, 100, 8), Normal(2, 2, 2, 150, 8), Normal(3, 2, 2, 150, 8));
        var layout = new BlockLayout(100, 150, 64);
        var list = BlockLists.FromPredicate(layout, 2, 2, (b, n, i, j) => (b + n + i + j) % 2 == 0);
        var mask = BlockLists.Mask(list);
        var reference = new AttentionReference(query, key, value);
        var numbers = AttentionReference.Numbers(new ReferenceBackend(ScalarType.Float64).Forward(query, key, value, list).Output);
        for (var head = 0; head < 4; head++)
        {
            for (var token = 0; token < 100; token++)
            {
                var expected = reference.Row(head, token, sees: j => mask[((head * 2) + (token / 64)) * 3 + (j / 64)]);
                for (var d = 0; d < 8; d++) Assert.Equal(expected[d], numbers[((head * 100) + token) * 8 + d], 1e-6);
            }
        }
    }

    [Fact]
    public void Forward_NoList_IsFullAttentionAndItsLogSumExp()
    {
        var (query, key, value) = (Normal(1, 1, 2, 200, 8), Normal(2, 1, 2, 150, 8), Normal(3, 1, 2, 150, 8));
        var (output, logSumExp) = new ReferenceBackend().Forward(query, key, value, scale: 0.3, wantsLogSumExp: true);
        new AttentionReference(query, key, value, scale: 0.3).AssertClose(output);
        var scores = query.matmul(key.transpose(2, 3)) * 0.3;
        Assert.True(scores.exp().sum(-1).log().allclose(logSumExp!, 1e-5, 1e-5));
    }

    [Fact]
    public void Forward_RowWithoutBlocks_IsZeroAndMinusInfinity()
    {
        var input = Normal(1, 1, 1, 128, 8);
        var list = BlockLists.Raw(new BlockLayout(128, 128, 64), [0, 2], [], [0, 1]);
        var (output, logSumExp) = new ReferenceBackend().Forward(input, input, input, list, wantsLogSumExp: true);
        Assert.All(AttentionReference.Numbers(output.narrow(2, 0, 64)), number => Assert.Equal(0, number));
        Assert.All(AttentionReference.Numbers(logSumExp!.narrow(2, 0, 64)), number => Assert.Equal(double.NegativeInfinity, number));
        Assert.All(AttentionReference.Numbers(logSumExp!.narrow(2, 64, 64)), number => Assert.True(double.IsFinite(number)));
    }
}
