using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>libtorch's own root-mean-square norm. TorchSharp has no door to it.</summary>
public static class RmsNormKernel
{
    /// <summary>No.</summary>
    public static bool Exists => false;

    /// <summary>Not here.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static Tensor Apply(Tensor x, Tensor gamma, double epsilon) => throw new NotSupportedException("TorchSharp has no door to libtorch's root-mean-square norm.");
}
