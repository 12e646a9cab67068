using TorchSharp;
using XVideo.Torch.Interop;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Operators;

public sealed class DenseKernelsTests
{
    [Fact]
    public void First_OfSeveralResults_IsTheFirst()
    {
        using var scope = NewDisposeScope();
        var input = tensor([1f, 2f, 3f, 4f]).reshape(1, 4);
        var output = Operator.First("native_layer_norm", input, (long[])[4], Argument.None, Argument.None, 1e-5);
        var all = Operator.CallMany("native_layer_norm", input, (long[])[4], Argument.None, Argument.None, 1e-5);
        Assert.Equal([1L, 4L], output.shape);
        Assert.True(output.allclose(all[0]));
        Assert.Equal(3, all.Length);
    }

    [Fact]
    public void DenseKernels_OnTheCpu_AreRefusedByName()
    {
        using var scope = NewDisposeScope();
        var input = zeros([1, 1, 8, 16], ScalarType.BFloat16);
        foreach (var kernel in (Func<Tensor, Tensor, Tensor, Tensor>[])[DenseKernels.Cudnn, DenseKernels.Flash])
        {
            // An old libtorch lacks the operator; a new one has it for GPUs only.
            var error = Assert.ThrowsAny<Exception>(() => kernel(input, input, input));
            Assert.True(error is NotSupportedException or TorchException, error.ToString());
            Assert.Contains("_attention", error.Message);
        }
    }

    [Fact]
    public void TensorMemory_WithoutAGpu_IsUnknown()
    {
        if (cuda.is_available()) return;
        Assert.Null(TensorMemory.Read(CUDA));
        Assert.False(TensorMemory.ResetPeak(CUDA));
    }
}
