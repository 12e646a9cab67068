using System.Globalization;

namespace XVideo.ServiceBench.Processes;

/// <summary>Processor time that a process has used: unlike elapsed time it does not depend on what else the machine does.</summary>
public static class CpuTime
{
    private const double TicksPerSecond = 100; // of the kernel's interface, on every Linux

    /// <summary>Of one process so far, user and kernel.</summary>
    public static TimeSpan Of(int process)
    {
        // Behind the name, which may hold anything and ends with the last parenthesis, the state is field 3; utime is 14, stime 15.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}
