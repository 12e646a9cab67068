namespace XVideo.Service.Store.Sqlite;

/// <summary>
/// The two clocks of a SQLite store, in milliseconds. Leases are measured with the one that nobody can set: it counts from the machine's start and is
/// the same for all its processes, so that a jump of the time of day neither takes a lease from a living worker nor keeps a dead one's.
/// </summary>
internal sealed class SqliteClock(TimeProvider time)
{
    private readonly long ticksPerMillisecond = Math.Max(1, time.TimestampFrequency / 1000);

    public long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    public long LeaseNow() => time.GetTimestamp() / ticksPerMillisecond;
}
