using System.Runtime.InteropServices;

namespace XVideo.Torch;

/// <summary>What this process and processor give libtorch, whichever way libtorch comes.</summary>
internal static class ProcessSetup
{
    /// <summary>Whether this processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX).</summary>
    public static bool CpuHasFastBFloat16 { get; } = ReadCpuFlags().Any(flag => flag is "avx512_bf16" or "amx_bf16");

    // OpenMP threads spin at the end of every parallel loop. Where another program wants the same cores, each of a pass's thousands of small
    // loops then waits for the scheduler: 4.5 s instead of 0.5 s a pass here (docs/performance.md). The variable is read when libgomp loads,
    // from the C environment, which Environment.SetEnvironmentVariable does not reach. What the user set stays.
    /// <summary>Lets OpenMP threads sleep between parallel loops. Works only before libtorch is loaded.</summary>
    public static void SleepBetweenParallelLoops()
    {
        if (!OperatingSystem.IsWindows()) SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    private static string[] ReadCpuFlags()
    {
        const string cpuInfo = "/proc/cpuinfo";
        if (!File.Exists(cpuInfo)) return [];
        var line = File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal));
        return line?.Split(' ') ?? [];
    }
}
