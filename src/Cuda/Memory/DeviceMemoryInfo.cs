using XVideo.Cuda.Driver;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Memory;

/// <summary>How much memory a GPU has, as its driver counts it: what libtorch keeps for later use is not free.</summary>
/// <param name="FreeInBytes">Not taken by any process.</param>
/// <param name="TotalInBytes">All that programs can use.</param>
public readonly record struct DeviceMemoryInfo(long FreeInBytes, long TotalInBytes)
{
    /// <summary>Asks the driver.</summary>
    /// <exception cref="CudaException">The driver does not answer.</exception>
    public static unsafe DeviceMemoryInfo Read(CudaDevice device)
    {
        nuint free, total;
        using (new ContextScope(device.Context))
            device.Api.Check(device.Api.MemGetInfo(&free, &total), "cuMemGetInfo", $"device {device.Ordinal}");
        return new((long)free, (long)total);
    }
}
