using TorchSharp;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Backends;

public sealed class BackendRefusalTests : IDisposable
{
    private static readonly AttentionDesc Desc = new(ScalarType.Float32, DeviceType.CPU, null, 1, 2, 100, 100, 64, 128);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Refusal_WhatFits_IsNull()
    {
        Assert.Null(new CpuBackend().Refusal(Desc));
        Assert.Null(new CpuBackend().Refusal(Desc with { BlockSize = null, DType = ScalarType.BFloat16, HeadDim = 256 }));
        Assert.Null(new SdpaBackend().Refusal(Desc with { BlockSize = null, Device = DeviceType.CUDA, HeadDim = 7 }));
        Assert.Null(new ReferenceBackend().Refusal(Desc with { DType = ScalarType.Float64, HeadDim = 7 }));
    }

    [Fact]
    public void Refusal_WhatDoesNotFit_SaysValueAndRule()
    {
        var cpu = new CpuBackend();
        Assert.Contains("got CUDA", cpu.Refusal(Desc with { Device = DeviceType.CUDA }));
        Assert.Contains("got Float64", cpu.Refusal(Desc with { DType = ScalarType.Float64 }));
        Assert.Contains("multiple of 8 from 8 to 256; got 20", cpu.Refusal(Desc with { HeadDim = 20 }));
        Assert.Contains("got 96", cpu.Refusal(Desc with { BlockSize = 96 }));
        Assert.Contains("blocks of 128 tokens", new SdpaBackend().Refusal(Desc));
        Assert.Contains("got Int32", new ReferenceBackend().Refusal(Desc with { DType = ScalarType.Int32 }));
    }

    [Fact]
    public void Forward_SdpaWithAList_IsRefused()
    {
        var input = Normal(1, 1, 1, 64, 8);
        Assert.Throws<ArgumentException>(() => new SdpaBackend().Forward(input, input, input, BlockList.All(new BlockLayout(64, 64, 64))));
        Assert.Throws<NotSupportedException>(() => new SdpaBackend().Forward(input, input, input, wantsLogSumExp: true));
    }

    [Fact]
    public void Forward_SdpaWithAScale_AppliesItOnce()
    {
        var (query, key, value) = (Normal(1, 1, 1, 20, 16), Normal(2, 1, 1, 30, 16), Normal(3, 1, 1, 30, 16));
        new Cpu.AttentionReference(query, key, value, scale: 0.7).AssertClose(new SdpaBackend().Forward(query, key, value, scale: 0.7).Output);
    }

    [Fact]
    public void DenseAttention_WhatTheCpuKernelRefuses_GoesToLibtorch()
    {
        var odd = Normal(1, 1, 2, 9, 5);
        new Cpu.AttentionReference(odd, odd, odd).AssertClose(new DenseAttention().Forward(odd, odd, odd));
        var tracked = Normal(2, 1, 1, 9, 8).requires_grad_();
        Assert.True(new DenseAttention().Forward(tracked, tracked, tracked, default).requires_grad);
    }
}
