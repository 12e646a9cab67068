using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

/// <summary>Reports as NVRTC 13.0 and 12.x word them.</summary>
public sealed class KernelResourcesTests
{
    private const string Log13 = """
        ptxas info    : Overriding maximum register limit 256 for 'xv_first' with  24 of maxrregcount option
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'xv_first' for 'sm_90a'
        ptxas info    : Function properties for xv_first
        ptxas         .     960 bytes stack frame, 1544 bytes spill stores, 1568 bytes spill loads
        ptxas info    : Used 24 registers, used 0 barriers, 960 bytes cumulative stack size
        ptxas info    : Compile time = 182.215 ms
        ptxas info    : Compiling entry function 'xv_first_again' for 'sm_90a'
        ptxas info    : Function properties for xv_first_again
        ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 12 registers, used 1 barriers, 128 bytes smem, 372 bytes cmem[0]
        ptxas info    : Compile time = 2.398 ms
        """;

    private const string Log12 = """
        ptxas info    : 0 bytes gmem, 16 bytes cmem[4]
        ptxas info    : Compiling entry function 'xv_first' for 'sm_80'
        ptxas info    : Function properties for helper
            64 bytes stack frame, 8 bytes spill stores, 8 bytes spill loads
        ptxas info    : Function properties for xv_first
            8 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 255 registers, 1024 bytes smem, 372 bytes cmem[0]
        """;

    [Fact]
    public void Parse_KernelThatSpills_ReadsItsOwnFigures() => Assert.Equal(new KernelResources(24, 0, 960, 1544, 1568), KernelResources.Parse(Log13, "xv_first"));

    [Fact]
    public void Parse_SecondKernel_ReadsItsOwnFigures() => Assert.Equal(new KernelResources(12, 128, 0, 0, 0), KernelResources.Parse(Log13, "xv_first_again"));

    [Fact]
    public void Parse_FunctionsThatAreNotInlined_AreNotTakenForTheKernel() => Assert.Equal(new KernelResources(255, 1024, 8, 0, 0), KernelResources.Parse(Log12, "xv_first"));

    [Theory]
    [InlineData("")]
    [InlineData("ptxas info    : 0 bytes gmem")]
    [InlineData("ptxas info    : Compiling entry function 'xv_first' for 'sm_80'\nin other words than we know")]
    public void Parse_NoReport_IsUnknown(string log) => Assert.Null(KernelResources.Parse(log, "xv_first"));
}
