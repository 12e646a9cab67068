using TorchSharp;
using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Cpu;

public sealed class CpuAttentionContractTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Forward_Public_UsesTheFirstSupportedKernel()
    {
        var (query, key, value) = (Normal(1, 1, 2, 65, 24), Normal(2, 1, 2, 65, 24), Normal(3, 1, 2, 65, 24));
        Assert.Equal(TileKernel.Supported[0].Name, CpuAttention.InstructionSet);
        Assert.Equal("portable", TileKernel.Supported[^1].Name);
        Assert.Equal(Bits(Run(CpuAttention.InstructionSet, query, key, value)), Bits(CpuAttention.Forward(query, key, value)));
    }

    [Fact]
    public void Forward_TransposedQuery_GivesAResultWhoseHeadsJoinWithoutACopy()
    {
        var (key, value) = (Normal(2, 2, 3, 9, 8), Normal(3, 2, 3, 9, 8));
        var tokensOutside = CpuAttention.Forward(Normal(1, 2, 9, 3, 8).transpose(1, 2), key, value);
        Assert.True(tokensOutside.transpose(1, 2).is_contiguous());
        Assert.True(CpuAttention.Forward(Normal(1, 2, 3, 9, 8), key, value).is_contiguous());
    }

    [Fact]
    public void Forward_Inputs_StayUnchanged()
    {
        var (query, key, value) = (Normal(1, 1, 2, 65, 24), Normal(2, 1, 2, 65, 24), Normal(3, 1, 2, 65, 24));
        CpuAttention.Forward(query, key, value).fill_(7);
        Assert.Equal(Bits(Normal(1, 1, 2, 65, 24)), Bits(query));
        Assert.Equal(Bits(Normal(2, 1, 2, 65, 24)), Bits(key));
        Assert.Equal(Bits(Normal(3, 1, 2, 65, 24)), Bits(value));
    }

    [Fact]
    public void Forward_NoKeys_GivesZeros()
    {
        var result = CpuAttention.Forward(Normal(1, 1, 2, 5, 8), zeros([1, 2, 0, 8]), zeros([1, 2, 0, 8]));
        Assert.Equal(new double[1 * 2 * 5 * 8], AttentionReference.Numbers(result));
    }

    [Fact]
    public void Forward_NoQueries_GivesAnEmptyTensor() =>
        Assert.Equal([1, 2, 0, 8], CpuAttention.Forward(zeros([1, 2, 0, 8]), Normal(2, 1, 2, 5, 8), Normal(3, 1, 2, 5, 8)).shape);

    [Fact]
    public void Forward_OfAnyStrides_LeavesOneTensorInTheScope()
    {
        var query = Normal(1, 1, 2, 8, 5).transpose(2, 3);
        using var scope = NewDisposeScope();
        CpuAttention.Forward(query, query, query);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Theory]
    [InlineData(12, "D=12")]
    [InlineData(264, "D=264")]
    public void Forward_UnsuitableDimension_IsRefusedWithTheRule(int dimension, string got)
    {
        var input = zeros([1, 1, 2, dimension]);
        Assert.False(CpuAttention.Supports(input, input, input));
        var error = Assert.Throws<ArgumentException>("query", () => CpuAttention.Forward(input, input, input));
        Assert.Contains(got, error.Message);
        Assert.Contains("multiple of 8 from 8 to 256", error.Message);
    }

    [Fact]
    public void Forward_ShapesThatDoNotFit_AreRefusedByName()
    {
        var query = zeros([1, 2, 3, 8]);
        Assert.Throws<ArgumentException>("key", () => CpuAttention.Forward(query, zeros([1, 3, 3, 8]), zeros([1, 3, 3, 8])));
        Assert.Throws<ArgumentException>("key", () => CpuAttention.Forward(query, zeros([1, 2, 3, 16]), zeros([1, 2, 3, 16])));
        Assert.Throws<ArgumentException>("value", () => CpuAttention.Forward(query, zeros([1, 2, 4, 8]), query));
        Assert.Throws<ArgumentException>("query", () => CpuAttention.Forward(zeros([2, 3, 8]), query, query));
    }

    [Fact]
    public void Forward_TypesThatDoNotFit_AreRefusedByName()
    {
        var single = zeros([1, 2, 3, 8]);
        Assert.Throws<ArgumentException>("query", () => CpuAttention.Forward(single.@double(), single, single));
        Assert.Throws<ArgumentException>("value", () => CpuAttention.Forward(single, single, single.bfloat16()));
        Assert.True(CpuAttention.Supports(single, single, single));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Forward_ScaleNotFinite_IsRefused(double scale)
    {
        var input = zeros([1, 1, 2, 8]);
        Assert.Throws<ArgumentException>("scale", () => CpuAttention.Forward(input, input, input, scale));
    }

    [Fact]
    public void Forward_GradientNeeded_IsRefusedOutsideNoGrad()
    {
        var (plain, tracked) = (Normal(1, 1, 1, 2, 8), Normal(2, 1, 1, 2, 8));
        tracked.requires_grad = true;
        Assert.False(CpuAttention.Supports(plain, tracked, plain));
        Assert.Throws<InvalidOperationException>(() => CpuAttention.Forward(plain, tracked, plain));
        using var inference = no_grad();
        Assert.True(CpuAttention.Supports(plain, tracked, plain));
        Assert.False(CpuAttention.Forward(plain, tracked, plain).requires_grad);
    }
}
