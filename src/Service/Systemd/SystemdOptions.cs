using System.Globalization;

namespace XVideo.Service.Systemd;

/// <summary>How to talk to systemd, which started this process as a unit of <c>Type=notify</c>.</summary>
/// <param name="SocketPath">Where it listens: a path, or an abstract name that begins with '@'.</param>
/// <param name="Watchdog">It kills a process that is silent for so long; <see langword="null"/>: never.</param>
public sealed record SystemdOptions(string SocketPath, TimeSpan? Watchdog)
{
    /// <summary>What systemd said to this process; <see langword="null"/> when it did not start it, or does not listen.</summary>
    public static SystemdOptions? FromEnvironment() => From(Environment.GetEnvironmentVariable, Environment.ProcessId);

    internal static SystemdOptions? From(Func<string, string?> variable, int processId)
    {
        if (variable("NOTIFY_SOCKET") is not { Length: > 1 } socket || socket[0] is not ('/' or '@')) return null;
        // Said to a parent of ours, perhaps.
        var isForUs = variable("WATCHDOG_PID") is not { Length: > 0 } text || text == processId.ToString(CultureInfo.InvariantCulture);
        var hasWatchdog = long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0;
        return new SystemdOptions(socket, isForUs && hasWatchdog ? TimeSpan.FromMicroseconds(microseconds) : null);
    }
}
