using TorchSharp;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests;

public sealed class TokenOrderTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Undo_AfterApply_GivesTheSameBits()
    {
        var x = Normal(1, 2, 3, 40, 8);
        using var order = Shuffled(7, 40);
        Assert.NotEqual(Bits(x), Bits(order.Apply(x)));
        Assert.Equal(Bits(x), Bits(order.Undo(order.Apply(x))));
    }

    [Fact]
    public void Apply_NewPosition_HoldsTheOldTokenOfThatIndex()
    {
        using var order = new TokenOrder(tensor(new long[] { 2, 0, 1 }));
        Assert.Equal([30, 10, 20], order.Apply(tensor(new float[] { 10, 20, 30 }).reshape(1, 1, 3, 1)).data<float>().ToArray());
    }

    [Fact]
    public void Attention_InAnotherOrder_IsTheAttentionOfAMaskInTheOldOne()
    {
        const int tokens = 300;
        var (query, key, value) = (Normal(1, 1, 2, tokens, 16), Normal(2, 1, 2, tokens, 16), Normal(3, 1, 2, tokens, 16));
        var layout = new BlockLayout(tokens, tokens, 64);
        using var order = Shuffled(5, tokens);
        var list = BlockLists.FromPredicate(layout, 1, 2, (_, n, i, j) => (i + j + n) % 3 == 0 || j == 0);
        var output = order.Undo(new CpuBackend().Forward(order.Apply(query), order.Apply(key), order.Apply(value), list).Output);

        var position = order.Undo(arange(tokens, ScalarType.Float32).reshape(1, 1, tokens, 1)).data<float>().ToArray();
        var mask = BlockLists.Mask(list);
        var reference = new Cpu.AttentionReference(query, key, value);
        var numbers = Cpu.AttentionReference.Numbers(output);
        for (var head = 0; head < 2; head++)
        {
            for (var token = 0; token < tokens; token += 37)
            {
                var expected = reference.Row(head, token, sees: j => mask[((head * 5) + ((int)position[token] / 64)) * 5 + ((int)position[j] / 64)]);
                for (var d = 0; d < 16; d++) Assert.Equal(expected[d], numbers[((head * tokens) + token) * 16 + d], 1e-5);
            }
        }
    }

    private static TokenOrder Shuffled(int seed, int tokens)
    {
        var indices = Enumerable.Range(0, tokens).Select(i => (long)i).ToArray();
        new Random(seed).Shuffle(indices);
        return new TokenOrder(tensor(indices));
    }
}
