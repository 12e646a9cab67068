using TorchSharp;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Memory;

internal static class PeakMemory
{
    /// <summary>Highest resident memory since the process began, bytes.</summary>
    public static long OfThisProcess()
    {
        const string status = "/proc/self/status";
        if (!File.Exists(status)) return System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64;
        var line = File.ReadLines(status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>Highest memory of tensors since <see cref="Begin"/>, bytes; <see langword="null"/> on the CPU, or when libtorch does not tell.</summary>
    public static long? OfTensors(Device device) => device.type == DeviceType.CUDA ? TensorMemory.Read(device)?.Peak : null;

    /// <summary>Forgets the peak of earlier work on a GPU.</summary>
    public static void Begin(Device device)
    {
        if (device.type == DeviceType.CUDA) TensorMemory.ResetPeak(device);
    }
}
