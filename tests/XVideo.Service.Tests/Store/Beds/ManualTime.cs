namespace XVideo.Service.Tests.Store;

/// <summary>Both clocks of a process, standing still until they are moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private long wall = Start.ToUnixTimeMilliseconds(), monotonic = 1_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref monotonic) * 1_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref wall));

    public void Advance(TimeSpan by)
    {
        SetBackOrForward(by);
        Interlocked.Add(ref monotonic, (long)by.TotalMilliseconds);
    }

    /// <summary>Only the time of day moves: somebody set the clock.</summary>
    public void SetBackOrForward(TimeSpan by) => Interlocked.Add(ref wall, (long)by.TotalMilliseconds);
}
