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
}
