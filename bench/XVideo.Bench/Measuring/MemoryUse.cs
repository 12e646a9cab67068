using XVideo.Cuda.Memory;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch;

namespace XVideo.Bench.Measuring;

/// <summary>Memory that is taken at a moment.</summary>
/// <param name="NowBytes">Taken now.</param>
/// <param name="PeakBytes">At most since <see cref="Begin"/>.</param>
/// <param name="Source">Who says so.</param>
internal sealed record MemoryUse(long NowBytes, long PeakBytes, string Source)
{
    private const string Libtorch = "tensors, as libtorch counts them";

    /// <summary>Lets the peak begin here, where it can.</summary>
    public static MemoryUse Begin(BenchDevice device)
    {
        if (device.IsGpu) TensorMemory.ResetPeak(device.Device);
        return Read(device);
    }

    /// <summary>Asks libtorch, else the driver, on the CPU the system. Never waits for the device.</summary>
    public static MemoryUse Read(BenchDevice device)
    {
        if (!device.IsGpu)
        {
            var (now, peak) = Machine.ResidentMemory();
            return new MemoryUse(now, peak, "resident memory of the process, its peak since it began");
        }
        if (TensorMemory.Read(device.Device) is { } tensors) return new MemoryUse(tensors.Now, tensors.Peak, Libtorch);
        var memory = DeviceMemoryInfo.Read(GpuDevice.Of(device.Device.index).Device);
        var taken = memory.TotalInBytes - memory.FreeInBytes;
        // libtorch keeps what it frees, so what is taken now is also the most that ever was.
        return new MemoryUse(taken, taken, "everything on the GPU, as its driver counts it (cuMemGetInfo), with what libtorch keeps for later use");
    }
}
