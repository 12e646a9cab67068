using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed class CpuAttentionAccuracyTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, int, int, int> Shapes
    {
        get
        {
            var data = new TheoryData<string, int, int, int>();
            foreach (var kernel in TileKernel.Supported)
            {
                foreach (var length in (int[])[1, 7, 63, 64, 65, 127, 129, 239]) data.Add(kernel.Name, length, length, 32);
                foreach (var dimension in (int[])[8, 64, 72, 128, 256]) data.Add(kernel.Name, 65, 71, dimension);
                data.Add(kernel.Name, 1, 239, 64);
                data.Add(kernel.Name, 239, 1, 64);
                data.Add(kernel.Name, 129, 63, 8);
                data.Add(kernel.Name, 33, 193, 72);
            }
            return data;
        }
    }

    public static TheoryData<string> Kernels => AttentionInputs.Kernels;

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(Shapes))]
    public void Forward_AwkwardLengths_MatchFloat64(string kernel, int queries, int keys, int dimension)
    {
        var query = Normal(1, 2, 3, queries, dimension);
        var (key, value) = (Normal(2, 2, 3, keys, dimension), Normal(3, 2, 3, keys, dimension));
        var result = Run(kernel, query, key, value);
        Assert.Equal([2, 3, queries, dimension], result.shape);
        new AttentionReference(query, key, value).AssertClose(result);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_2112Tokens_SampledRowsMatchFloat64(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 2, 2112, 64), Normal(2, 1, 2, 2112, 64), Normal(3, 1, 2, 2112, 64));
        new AttentionReference(query, key, value).AssertClose(Run(kernel, query, key, value), tokens: [0, 1, 63, 64, 777, 1055, 1056, 2047, 2048, 2111]);
    }

    [Fact]
    public void Forward_RandomShapes_MatchFloat64()
    {
        var shapes = Gen.Choose(1, 150).Four().Where(shape => shape.Item1 * shape.Item2 <= 10_000);
        Prop.ForAll(Arb.From(shapes), shape =>
        {
            using var scope = NewDisposeScope();
            var dimension = 8 * (1 + shape.Item3 % 12);
            var query = Normal(shape.Item4, 1, 2, shape.Item1, dimension);
            var (key, value) = (Normal(shape.Item4 + 1, 1, 2, shape.Item2, dimension), Normal(shape.Item4 + 2, 1, 2, shape.Item2, dimension));
            new AttentionReference(query, key, value).AssertClose(CpuAttention.Forward(query, key, value), tokens: [0, shape.Item1 / 2, shape.Item1 - 1]);
        }).QuickCheckThrowOnFailure();
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_GivenScale_ReplacesTheDefault(string kernel)
    {
        var (query, key, value) = (Normal(1, 1, 1, 20, 16), Normal(2, 1, 1, 70, 16), Normal(3, 1, 1, 70, 16));
        new AttentionReference(query, key, value, scale: 2.5).AssertClose(Run(kernel, query, key, value, scale: 2.5));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_BFloat16_IsRoundedOnceFromFloat32(string kernel)
    {
        var query = Normal(1, 1, 2, 65, 64).bfloat16().transpose(1, 2).contiguous().transpose(1, 2);
        var (key, value) = (Normal(2, 1, 2, 130, 64).bfloat16(), Normal(3, 1, 2, 130, 64).bfloat16());
        var result = Run(kernel, query, key, value);
        Assert.Equal(ScalarType.BFloat16, result.dtype);
        // Half a unit in the last of bfloat16's 8 significant bits.
        new AttentionReference(query, key, value).AssertClose(result, relative: 1 / 256.0);
        var unrounded = Run(kernel, query.@float(), key.@float(), value.@float());
        Assert.Equal(AttentionReference.Numbers(unrounded.bfloat16()), AttentionReference.Numbers(result));
    }

    [Fact]
    public void Forward_BFloat16HalfwayBetweenTwoNumbers_TakesTheEvenOne()
    {
        // Two keys of equal weight: channels average 1 with its successor, and that with the next one.
        const float unit = 1 / 128f;
        var value = tensor([1f, 1 + unit, 0, 0, 0, 0, 0, 0, 1 + unit, 1 + 2 * unit, 0, 0, 0, 0, 0, 0]).reshape(1, 1, 2, 8);
        var zero = zeros([1, 1, 2, 8], bfloat16);
        var result = AttentionReference.Numbers(CpuAttention.Forward(zero, zero, value.bfloat16()));
        Assert.Equal([1, 1 + 2 * unit], result[..2]);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_AnyStrides_GiveTheSameBitsAsContiguousInputs(string kernel)
    {
        var (query, key, value) = (Normal(1, 2, 3, 67, 24), Normal(2, 2, 3, 67, 24), Normal(3, 2, 3, 67, 24));
        var expected = Bits(Run(kernel, query, key, value));

        Tensor TokensOutside(Tensor tensor) => tensor.transpose(1, 2).contiguous().transpose(1, 2);
        Assert.Equal(expected, Bits(Run(kernel, TokensOutside(query), TokensOutside(key), TokensOutside(value))));

        var joined = stack([query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2)], 2).unbind(2);
        Assert.Equal(expected, Bits(Run(kernel, joined[0].transpose(1, 2), joined[1].transpose(1, 2), joined[2].transpose(1, 2))));

        Tensor ChannelsOutside(Tensor tensor) => tensor.transpose(2, 3).contiguous().transpose(2, 3);
        Assert.Equal(expected, Bits(Run(kernel, ChannelsOutside(query), ChannelsOutside(key), ChannelsOutside(value))));

        var padded = cat([Normal(4, 2, 3, 5, 24), query], 2).narrow(2, 5, 67);
        Assert.Equal(expected, Bits(Run(kernel, padded, key, value)));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Forward_KeysExpandedOverHeads_MatchFloat64(string kernel)
    {
        var query = Normal(1, 1, 4, 30, 16);
        var (key, value) = (Normal(2, 1, 1, 40, 16).expand(1, 4, 40, 16), Normal(3, 1, 1, 40, 16).expand(1, 4, 40, 16));
        new AttentionReference(query, key, value).AssertClose(Run(kernel, query, key, value));
    }

    [Fact]
    public void Forward_ManyHeadsWithLongKeys_AreProcessedInSeveralGroups()
    {
        // 2 · 4096 · 256 · 4 bytes = 8 MiB of packed keys and values a head: 64 MiB hold 8 of the 11.
        var query = Normal(1, 1, 11, 3, 256);
        var (key, value) = (Normal(2, 1, 11, 4096, 256), Normal(3, 1, 11, 4096, 256));
        new AttentionReference(query, key, value).AssertClose(CpuAttention.Forward(query, key, value), tokens: [2]);
    }
}
