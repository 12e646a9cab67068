using System.ComponentModel;
using System.Diagnostics;

namespace XVideo.Bench.Measuring;

/// <summary>What nvidia-smi says of a GPU at this moment.</summary>
internal static class GpuClocks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For example <c>SM 1980 MHz of 1980 MHz, 45 C, 320.10 W of 700.00 W</c>; <see langword="null"/> when it cannot be asked.</summary>
    /// <param name="ordinal">The GPU's number, as nvidia-smi counts.</param>
    public static string? Read(int ordinal)
    {
        string[] arguments = ["--query-gpu=clocks.sm,clocks.max.sm,temperature.gpu,power.draw,power.limit", "--format=csv,noheader", "-i", $"{ordinal}"];
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            var output = process!.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                return null;
            }
            return process.ExitCode == 0 && output.GetAwaiter().GetResult().Trim().Split(", ") is [var clock, var most, var heat, var power, var limit]
                ? $"SM {clock} of {most}, {heat} C, {power} of {limit}"
                : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
