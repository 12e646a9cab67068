using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>What tensors take of a GPU's memory. TorchSharp does not tell.</summary>
public static class TensorMemory
{
    /// <summary>Nothing is known.</summary>
    public static (long Now, long Peak)? Read(Device device) => null;

    /// <summary>Nothing is known.</summary>
    public static bool ResetPeak(Device device) => false;
}
