using System.Runtime.InteropServices;
using System.Text;
using XVideo.Cuda.Driver;
using XVideo.Cuda.Launch;
using XVideo.Cuda.Nvrtc;
using XVideo.Cuda.Tests.FakeDriver;
using XVideo.Cuda.Tests.Nvrtc;

namespace XVideo.Cuda.Tests.Launch;

/// <summary>Launches through a driver that writes down what it was given.</summary>
[Collection(FakeDriverCollection.Name)]
public sealed class CudaKernelTests : IDisposable
{
    private static readonly LaunchShape Shape = new(new Dim3(132, 2, 3), new Dim3(384), 200_000);

    private readonly FakeDriverLibrary _driver;
    private readonly CudaDevice _device;
    private readonly CudaKernel _kernel;

    public CudaKernelTests(FakeDriverLibrary driver)
    {
        _driver = driver;
        _device = CudaDevice.Open(driver.Api, 0);
        _driver.Calls();
        _kernel = new CudaKernel(_device, Image("image one"));
    }

    public void Dispose()
    {
        _driver.Fail("", 0);
        _kernel.Dispose();
        _device.Dispose();
        Assert.Equal(0, _driver.Depth);
    }

    [Fact]
    public void Load_Image_FindsTheEntryAndAllowsAllSharedMemory()
    {
        // 232,448 bytes less the 1,024 that the kernel declares itself; attribute 8 is the dynamic limit.
        Assert.Equal(["cuModuleLoadData image one", "cuModuleGetFunction xv_example", "cuFuncSetAttribute 8 231424"], _driver.Calls());
        Assert.Equal((168, 16, 1024, 231424), (_kernel.Registers, _kernel.LocalBytes, _kernel.StaticSharedBytes, _kernel.MaxDynamicSharedBytes));
    }

    [Fact]
    public void Launch_ThreeArguments_ReachTheDriverWithShapeAndStream()
    {
        var map = new TensorMap();
        MemoryMarshal.AsBytes(new Span<TensorMap>(ref map))[0] = 5;
        MemoryMarshal.AsBytes(new Span<TensorMap>(ref map))[127] = 6;
        _driver.Calls();
        _kernel.Launch(Shape, 0x77, new Pair(1L << 40, -2), 42, map);
        Assert.Equal(["cuLaunchKernel 132,2,3 384,1,1 200000 0x77 1099511627776,-2 42 5,6 -"], _driver.Calls());
    }

    [Fact]
    public void Launch_Repeated_AllocatesNothing()
    {
        var (pair, map) = (new Pair(1, 2), new TensorMap());
        for (var i = 0; i < 100; i++) _kernel.Launch(Shape, 0, pair, i, map);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _kernel.Launch(Shape, 0, pair, i, map);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        _driver.Calls();
    }

    [Fact]
    public void Launch_DriverRefuses_NamesKernelGridBlockAndSharedBytes()
    {
        _driver.Fail("cuLaunchKernel", 700);
        var error = Assert.Throws<CudaException>(() => _kernel.Launch(Shape, 0, new Pair(1, 2), 3, new TensorMap()));
        Assert.Equal(
            "cuLaunchKernel failed for example[SIZE=4], grid 132×2×3, block 384×1×1, 200000 bytes of dynamic shared memory: CUDA_ERROR_ILLEGAL_ADDRESS (700), an illegal memory access was encountered.",
            error.Message);
        Assert.Equal((700, "cuLaunchKernel"), (error.Code, error.Call));
        Assert.Equal(0, _driver.Depth);
    }

    [Fact]
    public void Launch_ArgumentsOfOtherSizes_AreRefusedWithBothLists()
    {
        _driver.Calls();
        var error = Assert.Throws<ArgumentException>(() => _kernel.Launch(Shape, 0, 1, 2L));
        Assert.Contains("example[SIZE=4] takes 3 parameters of 16, 4, 128 bytes; it was launched with 2 of 4, 8 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(_driver.Calls());
    }

    [Theory]
    [InlineData(231425)]
    [InlineData(-1)]
    public void Launch_SharedMemoryOutOfRange_IsRefusedWithTheLimit(int bytes)
    {
        var error = Assert.Throws<ArgumentException>(() => _kernel.Launch(Shape with { DynamicSharedBytes = bytes }, 0, new Pair(1, 2), 3, new TensorMap()));
        Assert.Contains($"with {bytes} bytes of dynamic shared memory; on this GPU it may have 0 to 231424", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_DisposedKernel_IsRefused()
    {
        _kernel.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _kernel.Launch(Shape, 0, new Pair(1, 2), 3, new TensorMap()));
    }

    [Fact]
    public void Load_DriverRefusesTheImage_NamesKernelArchitectureAndDevice()
    {
        _driver.Fail("cuModuleLoadData", 209);
        var error = Assert.Throws<CudaException>(() => new CudaKernel(_device, Image("image two")));
        Assert.Contains("cuModuleLoadData failed for example[SIZE=4], compiled for sm_90a, on device 0 (Fake GPU, compute 9.0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoSuchEntry_NamesItAndUnloadsTheModule()
    {
        _driver.Calls();
        _driver.Fail("cuModuleGetFunction", 500);
        var error = Assert.Throws<CudaException>(() => new CudaKernel(_device, Image("image two")));
        Assert.Contains("entry xv_example of example[SIZE=4]", error.Message, StringComparison.Ordinal);
        Assert.Equal(["cuModuleLoadData image two", "cuModuleGetFunction xv_example", "cuModuleUnload"], _driver.Calls());
    }

    [Fact]
    public void Kernel_OutlivesItsDevice_ContextIsReleasedLast()
    {
        var device = CudaDevice.Open(_driver.Api, 0);
        var kernel = new CudaKernel(device, Image("image two"));
        device.Dispose();
        _driver.Calls();
        kernel.Launch(Shape, 0, new Pair(1, 2), 3, new TensorMap());
        kernel.Dispose();
        Assert.Equal(["cuModuleUnload", "cuDevicePrimaryCtxRelease"], _driver.Calls().Skip(1));
    }

    [Fact]
    public void Loader_SameSourceFromManyThreads_CompilesAndLoadsOnce()
    {
        using var folder = new TemporaryFolder();
        var compiler = new StubCompiler();
        using var loader = new KernelLoader(_device, new KernelCache(compiler, new KernelCacheFolder(folder.Path), _ => { }));
        var sources = Enumerable.Range(0, 2).Select(i => StubCompiler.Source(("SIZE", $"{i}"))).ToArray();
        _driver.Calls();
        var kernels = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8).Select(i => (i % 2, Kernel: loader.Load(sources[i % 2]))).ToArray();
        Assert.Equal(2, kernels.Distinct().Count());
        Assert.Equal(2, _driver.Calls().Count(call => call.StartsWith("cuModuleLoadData", StringComparison.Ordinal)));
        Assert.Equal(2, compiler.Compilations);
        loader.Dispose();
        Assert.Equal(["cuModuleUnload", "cuModuleUnload"], _driver.Calls());
    }

    [Fact]
    public void Loader_LoadFailedOnce_TriesAgain()
    {
        using var folder = new TemporaryFolder();
        using var loader = new KernelLoader(_device, new KernelCache(new StubCompiler(), new KernelCacheFolder(folder.Path), _ => { }));
        _driver.Fail("cuModuleLoadData", 700);
        Assert.Throws<CudaException>(() => loader.Load(StubCompiler.Source()));
        _driver.Fail("", 0);
        Assert.Equal("example", loader.Load(StubCompiler.Source()).DisplayName);
    }

    private static KernelImage Image(string bytes) => new("key", "example[SIZE=4]", "xv_example", "sm_90a", Encoding.ASCII.GetBytes(bytes + '\0'), null);

    private readonly record struct Pair(long First, long Second);
}
