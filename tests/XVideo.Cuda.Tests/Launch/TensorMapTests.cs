using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XVideo.Cuda.Launch;
using XVideo.Cuda.Tests.FakeDriver;

namespace XVideo.Cuda.Tests.Launch;

[Collection(FakeDriverCollection.Name)]
public sealed class TensorMapTests(FakeDriverLibrary driver)
{
    // [B=1, S=300, N=12, D=128] bfloat16: D, S, N, B with a box of 64 elements by 128 tokens.
    private static readonly long[] Dims = [128, 300, 12, 1];
    private static readonly long[] Strides = [3072, 256, 921600];
    private static readonly int[] Box = [64, 128, 1, 1];

    [Fact]
    public void Struct_Sizes_AreTheDrivers()
    {
        Assert.Equal(128, Unsafe.SizeOf<TensorMap>());
        Assert.Equal(128, Marshal.SizeOf<TensorMap>());
        Assert.Equal(12, Unsafe.SizeOf<Dim3>());
    }

    [Fact]
    public void Encode_Tensor_PassesEverythingToTheDriverAndReturnsItsMap()
    {
        driver.Calls();
        var map = Encode(driver, Dims, Strides, Box);
        // type, pointer, then dim/stride/box/element stride of each dimension, then interleave, swizzle, promotion, fill.
        Assert.Equal(["cuTensorMapEncodeTiled 9 0x1000 128/3072/64/1 300/256/128/1 12/921600/1/1 1/-/1/1 0 3 2 0"], driver.Calls());
        var bytes = MemoryMarshal.AsBytes(new Span<TensorMap>(ref map));
        Assert.Equal((7, 9), (bytes[0], bytes[127]));
    }

    [Fact]
    public void Encode_DriverRefuses_DescribesTheMap()
    {
        driver.Fail("cuTensorMapEncodeTiled", 700);
        try
        {
            var error = Assert.Throws<CudaException>(() => Encode(driver, Dims, Strides, Box));
            Assert.Contains("BFloat16, dims [128, 300, 12, 1] innermost first, byte strides [3072, 256, 921600], box [64, 128, 1, 1], swizzle Bytes128", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            driver.Fail("", 0);
        }
    }

    [Fact]
    public void Check_LegalMaps_Pass()
    {
        TensorMapRules.Check(TensorMapElement.BFloat16, 0x1000, Dims, Strides, Box, TensorMapSwizzle.Bytes128);
        TensorMapRules.Check(TensorMapElement.Float32, 16, [1L << 32], [], [256], TensorMapSwizzle.None);
        TensorMapRules.Check(TensorMapElement.UInt8, 16, [16, 1, 1, 1, 1], [16, 16, 16, (1L << 40) - 16], [16, 256, 1, 1, 1], TensorMapSwizzle.Bytes32);
    }

    public static TheoryData<string, long, long[], long[], int[], TensorMapSwizzle> BrokenRules => new()
    {
        { "the pointer is 0x1008; it must be a multiple of 16", 0x1008, Dims, Strides, Box, TensorMapSwizzle.Bytes128 },
        { "the pointer is 0x0", 0, Dims, Strides, Box, TensorMapSwizzle.Bytes128 },
        { "there are 0 dims; 1 to 5 are allowed", 16, [], [], [], TensorMapSwizzle.None },
        { "there are 6 dims; 1 to 5 are allowed", 16, [1, 1, 1, 1, 1, 1], [16, 16, 16, 16, 16], [8, 1, 1, 1, 1, 1], TensorMapSwizzle.None },
        { "the box has 1 dims and the tensor 4", 16, Dims, Strides, [64], TensorMapSwizzle.Bytes128 },
        { "there are 4 strides; 4 dims need 3", 16, Dims, [2, 3072, 256, 921600], Box, TensorMapSwizzle.Bytes128 },
        { "a stride is 3080 bytes; it must be a positive multiple of 16", 16, Dims, [3080, 256, 921600], Box, TensorMapSwizzle.Bytes128 },
        { "a stride is 0 bytes", 16, Dims, [3072, 0, 921600], Box, TensorMapSwizzle.Bytes128 },
        { "a stride is 1099511627776 bytes", 16, Dims, [3072, 256, 1L << 40], Box, TensorMapSwizzle.Bytes128 },
        { "a dim is 0; it must be 1 to 2^32", 16, [128, 0, 12, 1], Strides, Box, TensorMapSwizzle.Bytes128 },
        { "a dim is 4294967297", 16, [128, (1L << 32) + 1, 12, 1], Strides, Box, TensorMapSwizzle.Bytes128 },
        { "a side of the box is 257; it must be 1 to 256", 16, Dims, Strides, [64, 257, 1, 1], TensorMapSwizzle.Bytes128 },
        { "a side of the box is 0", 16, Dims, Strides, [64, 128, 0, 1], TensorMapSwizzle.Bytes128 },
        { "the innermost side of the box is 12 bytes; it must be a multiple of 16", 16, Dims, Strides, [6, 128, 1, 1], TensorMapSwizzle.Bytes128 },
        { "the innermost side of the box is 256 bytes; with swizzle Bytes128 at most 128 are allowed", 16, Dims, Strides, [128, 128, 1, 1], TensorMapSwizzle.Bytes128 },
        { "the innermost side of the box is 128 bytes; with swizzle Bytes64 at most 64 are allowed", 16, Dims, Strides, Box, TensorMapSwizzle.Bytes64 },
    };

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void Encode_BrokenRule_IsNamedWithTheValueBeforeAnyDriver(string expected, long pointer, long[] dims, long[] strides, int[] box, TensorMapSwizzle swizzle)
    {
        var error = Assert.Throws<ArgumentException>(() => TensorMap.Encode(TensorMapElement.BFloat16, (nint)pointer, dims, strides, box, swizzle));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static TensorMap Encode(FakeDriverLibrary driver, long[] dims, long[] strides, int[] box) =>
        TensorMap.Encode(driver.Api, TensorMapElement.BFloat16, 0x1000, dims, strides, box, TensorMapSwizzle.Bytes128, TensorMapPromotion.Bytes128);
}
