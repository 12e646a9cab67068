using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>Tensors over memory that libtorch does not own.</summary>
public static unsafe class ForeignMemory
{
    /// <summary>Wraps memory as a CPU tensor without a copy.</summary>
    /// <param name="data">First element, contiguous in the order of <paramref name="shape"/>. Must outlive the tensor and all its views.</param>
    /// <param name="shape">Sizes, at least 0 each.</param>
    /// <param name="dtype">Element type of the memory.</param>
    public static Tensor AsTensor(void* data, long[] shape, ScalarType dtype)
    {
        fixed (long* sizes = shape) return new Tensor(Libtorch.Native.FromBlob(data, sizes, shape.Length, (int)dtype));
    }
}
