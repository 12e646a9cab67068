using TorchSharp;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Gpu;

public sealed class KernelCatalogTests
{
    public static TheoryData<string> ComputeCapabilities => ["8.0", "8.6", "8.9", "9.0", "10.0", "12.0"];

    [Theory, MemberData(nameof(ComputeCapabilities))]
    public void All_AnyGpu_HasEveryHeaderAndNoKernelTwice(string computeCapability)
    {
        var kernels = KernelCatalog.All(Version.Parse(computeCapability));
        Assert.Equal(kernels.Count, kernels.Select(kernel => kernel.DisplayName).Distinct().Count());
        Assert.All(kernels, kernel =>
        {
            var included = kernel.Headers.Values.Append(kernel.Text).SelectMany(text => text.Split('\n')).Where(line => line.StartsWith("#include", StringComparison.Ordinal)).Select(line => line.Split('"')[1]);
            Assert.Equal(included.ToHashSet(), kernel.Headers.Keys.ToHashSet());
            Assert.Contains(kernel.EntryName + "(", kernel.Text, StringComparison.Ordinal);
        });
        Assert.Equal(computeCapability == "9.0", kernels.Any(kernel => kernel.Name.StartsWith("sm90/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Forward_AskedTwice_IsOneObject() =>
        Assert.Same(KernelCatalog.Forward(true, 128, 64, ScalarType.BFloat16), KernelCatalog.Forward(true, 128, 64, ScalarType.BFloat16));

    [Theory]
    [InlineData(1, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 512)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    public void SortWidth_AnyCount_IsThePowerOfTwoThatHoldsIt(int count, int width) => Assert.Equal(width, KernelCatalog.SortWidth(count));

    // What a thread block may have: CUDA C++ Programming Guide, technical specifications per compute capability.
    [Theory]
    [InlineData("8.0", 163)]
    [InlineData("8.6", 99)]
    [InlineData("8.9", 99)]
    [InlineData("9.0", 227)]
    [InlineData("12.0", 99)]
    public void Sm80Tiles_Always_FitIntoSharedMemory(string computeCapability, int kibibytes)
    {
        foreach (var headDim in KernelCatalog.HeadDims)
        {
            Assert.All(BlockLayout.BlockSizes, block => Assert.InRange(Sm80Tiles.Attention(headDim, block).SharedBytes, 1, kibibytes << 10));
            Assert.All(XAttentionSettings.Strides, stride => Assert.InRange(Sm80Tiles.Score(headDim, stride, Version.Parse(computeCapability)).SharedBytes, 1, kibibytes << 10));
        }
    }

    [Fact]
    public void Sm90Tiles_Always_FitIntoSharedMemory()
    {
        const int perBlock = 227 << 10, perProcessor = 228 << 10;
        Assert.InRange(Sm90Tiles.ScoreSharedBytes, 1, perBlock);
        foreach (var headDim in KernelCatalog.HeadDims)
            foreach (var block in BlockLayout.BlockSizes)
            {
                var (_, sharedBytes, blocksPerProcessor) = Sm90Tiles.Attention(headDim, block);
                Assert.InRange(sharedBytes, 1, perBlock);
                // The system takes 1 KiB of each.
                Assert.InRange(blocksPerProcessor * (sharedBytes + 1024), 1, perProcessor);
            }
    }
}
