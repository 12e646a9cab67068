using System.Runtime.CompilerServices;
using XVideo.SparseAttention.Gpu;

namespace XVideo.SparseAttention.Tests.Gpu;

public sealed class KernelArgumentsTests
{
    // As NVRTC lays the structs of the kernel files out: pointers and 64-bit numbers first, so that nothing is padded.
    [Fact]
    public void Structs_All_HaveTheSizesOfTheirKernels()
    {
        Assert.Equal(208, Unsafe.SizeOf<AttentionArguments>());
        Assert.Equal(120, Unsafe.SizeOf<ScoreArguments>());
        Assert.Equal(128, Unsafe.SizeOf<SelectArguments>());
        Assert.Equal(40, Unsafe.SizeOf<RowOrderArguments>());
        Assert.Equal(40, Unsafe.SizeOf<ListCheckArguments>());
        Assert.Equal(160, Unsafe.SizeOf<NormRotaryArguments>());
        Assert.Equal(64, Unsafe.SizeOf<NormArguments>());
        Assert.Equal(96, Unsafe.SizeOf<GateAddArguments>());
        Assert.Equal(24, Unsafe.SizeOf<GeluArguments>());
    }
}
