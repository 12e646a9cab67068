using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>libtorch's dense attention kernels by name. TorchSharp does not offer them.</summary>
public static class DenseKernels
{
    private const string Reason = "TorchSharp does not offer libtorch's attention kernels by name.";

    /// <summary>Not here.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Tensor Cudnn(Tensor query, Tensor key, Tensor value) => throw new NotSupportedException(Reason);

    /// <summary>Not here.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Tensor Flash(Tensor query, Tensor key, Tensor value) => throw new NotSupportedException(Reason);
}
