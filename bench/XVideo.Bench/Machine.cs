using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Bench;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, threads and libtorch in one line. Loads libtorch.</summary>
    public static string Description { get; } =
        $"{ProcessorName()}, {Environment.ProcessorCount} processors, {get_num_threads()} threads; libtorch {__version__}{Gpu()}";

    /// <summary>Resident memory now and at its highest, bytes; Linux.</summary>
    public static (long Now, long Peak) ResidentMemory()
    {
        var lines = File.ReadAllLines("/proc/self/status");
        long Read(string name) => 1024 * long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return (Read("VmRSS:"), Read("VmHWM:"));
    }

    private static string ProcessorName()
    {
        const string cpuInfo = "/proc/cpuinfo", prefix = "model name";
        var line = File.Exists(cpuInfo) ? File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Gpu() => cuda.is_available() ? $"; {cuda.device_count()} GPUs" : "";
}
