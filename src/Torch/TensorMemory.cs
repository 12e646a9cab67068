using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>What tensors take of a GPU's memory, as libtorch counts it: exact, without what it keeps for later use.</summary>
public static class TensorMemory
{
    /// <summary>Bytes of all tensors now, and at most since <see cref="ResetPeak"/>.</summary>
    /// <param name="device">A CUDA device.</param>
    /// <returns><see langword="null"/> when this libtorch does not tell: before 2.9, or without CUDA.</returns>
    public static (long Now, long Peak)? Read(Device device) => Libtorch.Native.CudaMemory(Math.Max(device.index, 0));

    /// <summary>Lets the peak begin again at what is taken now.</summary>
    /// <param name="device">A CUDA device.</param>
    /// <returns>False when this libtorch does not tell.</returns>
    public static bool ResetPeak(Device device) => Libtorch.Native.CudaResetPeakMemory(Math.Max(device.index, 0));
}
