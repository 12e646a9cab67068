using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Interop;

public sealed unsafe class ForeignMemoryTests
{
    [Fact]
    public void AsTensor_MemoryChangedAfterwards_ShowsInTheTensorAndBack()
    {
        using var scope = NewDisposeScope();
        var memory = GC.AllocateArray<float>(6, pinned: true);
        fixed (float* pointer = memory)
        {
            var tensor = ForeignMemory.AsTensor(pointer, [2, 3], ScalarType.Float32);
            memory[4] = 5;
            TensorAssert.Equal([2, 3], [0, 0, 0, 0, 5, 0], tensor);
            tensor.select(0, 0).fill_(7);
            Assert.Equal([7, 7, 7, 0, 5, 0], memory);
        }
    }

    [Fact]
    public void AsTensor_EachType_ReadsTheElements()
    {
        using var scope = NewDisposeScope();
        var longs = stackalloc long[] { -1, long.MaxValue };
        Assert.Equal([-1, long.MaxValue], ForeignMemory.AsTensor(longs, [2], ScalarType.Int64).data<long>().ToArray());
        var halves = stackalloc ushort[] { 0x3f80, 0xc000 };
        TensorAssert.Equal([2, 1], [1, -2], ForeignMemory.AsTensor(halves, [2, 1], ScalarType.BFloat16));
        TensorAssert.Equal([], [-1], ForeignMemory.AsTensor(longs, [], ScalarType.Int64));
        Assert.Equal(0, ForeignMemory.AsTensor(longs, [0, 3], ScalarType.Int64).numel());
    }

    [Fact]
    public void AsTensor_Disposed_LeavesTheMemoryAlone()
    {
        var memory = stackalloc float[] { 1, 2 };
        ForeignMemory.AsTensor(memory, [2], ScalarType.Float32).Dispose();
        Assert.Equal(2, memory[1]);
    }
}
