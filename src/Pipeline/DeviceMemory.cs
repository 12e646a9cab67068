using TorchSharp;
using XVideo.Cuda;
using static TorchSharp.torch;

namespace XVideo.Pipeline;

internal static class DeviceMemory
{
    // What the driver, the libraries and other programs keep of a GPU.
    private const double UsableShare = 0.92;

    /// <summary>Bytes that a generation on this device may use.</summary>
    public static long Available(Device device)
    {
        if (device.type == DeviceType.CPU) return MemoryPlan.AvailableHostBytes();
        var gpu = CudaProbe.Run().Devices.FirstOrDefault(found => found.Ordinal == device.index);
        return gpu is null ? long.MaxValue : (long)(gpu.MemoryInBytes * UsableShare);
    }
}
