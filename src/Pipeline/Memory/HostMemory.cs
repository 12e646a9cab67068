using System.Globalization;

namespace XVideo.Pipeline.Memory;

/// <summary>How much memory this process may take: what the machine has, within the limits of its control groups (containers, systemd).</summary>
/// <param name="proc">The folder of the kernel's reports, <c>/proc</c>.</param>
/// <param name="controlGroups">Where control groups are mounted, <c>/sys/fs/cgroup</c>.</param>
internal sealed class HostMemory(string proc, string controlGroups)
{
    public static HostMemory OfThisMachine { get; } = new("/proc", "/sys/fs/cgroup");

    /// <summary>Bytes that it could have if nothing else ran.</summary>
    public long TotalBytes() => Groups().Select(group => group.Limit).Append(Report("meminfo", "MemTotal:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes).Min();

    /// <summary>Bytes that it can have now: those that it holds already, which a generation uses again, and those that are free.</summary>
    public long AvailableBytes() => (Report("self/status", "RssAnon:") ?? 0)
        + Groups().Select(group => Math.Max(0, group.Limit - group.Used)).Append(Report("meminfo", "MemAvailable:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes).Min();

    // Every group counts from its own one up to the root. In a container the path is the host's, and only the root is there.
    private IEnumerable<(long Limit, long Used)> Groups()
    {
        var file = Path.Combine(proc, "self", "cgroup");
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            // "0::/path" in version 2, "4:memory:/path" in version 1.
            if (line.Split(':', 3) is not [_, var controllers, var path] || !(controllers.Length == 0 || controllers.Split(',').Contains("memory"))) continue;
            var isUnified = controllers.Length == 0;
            var root = isUnified ? controlGroups : Path.Combine(controlGroups, "memory");
            for (var at = path.Trim('/'); ; at = Path.GetDirectoryName(at) ?? "")
            {
                if (Group(Path.Combine(root, at), isUnified) is { } group) yield return group;
                if (at.Length == 0) break;
            }
        }
    }

    private static (long Limit, long Used)? Group(string folder, bool isUnified)
    {
        var (limit, usage, cache) = isUnified ? ("memory.max", "memory.current", "inactive_file ") : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");
        if (Number(folder, limit) is not { } most || Number(folder, usage) is not { } used) return null;
        var statistics = Path.Combine(folder, "memory.stat");
        // Pages of files that the kernel gives up when memory is wanted.
        var given = File.Exists(statistics) ? File.ReadLines(statistics).FirstOrDefault(line => line.StartsWith(cache, StringComparison.Ordinal)) : null;
        return (most, used - (given is null ? 0 : long.Parse(given.AsSpan(cache.Length), CultureInfo.InvariantCulture)));
    }

    // Null without a file, and for "max".
    private static long? Number(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) && long.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private long? Report(string name, string field)
    {
        var path = Path.Combine(proc, name);
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) : null;
        return line is null ? null : 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
