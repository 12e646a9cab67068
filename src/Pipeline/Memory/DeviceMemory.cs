using TorchSharp;
using XVideo.Cuda;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Memory;

internal static class DeviceMemory
{
    // What the driver, the libraries and other programs keep of a GPU.
    private const double UsableShare = 0.92;

    /// <summary>Bytes that a generation on this device may use when nothing else does.</summary>
    public static long Total(Device device) => device.type == DeviceType.CPU ? HostMemory.OfThisMachine.TotalBytes() : OfGpu(device);

    /// <summary>Bytes that a generation on this device may use now. Of a GPU, what other programs use counts as free.</summary>
    public static long Available(Device device) => device.type == DeviceType.CPU ? HostMemory.OfThisMachine.AvailableBytes() : OfGpu(device);

    private static long OfGpu(Device device)
    {
        var gpu = CudaProbe.Run().Devices.FirstOrDefault(found => found.Ordinal == Math.Max(device.index, 0));
        return gpu is null ? long.MaxValue : (long)(gpu.MemoryInBytes * UsableShare);
    }
}
