namespace XVideo.Service.Store;

/// <summary>How long rows are kept.</summary>
public sealed record RetentionPeriods
{
    /// <summary>A deleted job's row; 30 days by default.</summary>
    public TimeSpan Tombstones { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A finished job's row, counted from its end or, if it had files, from when they went; <see langword="null"/> for ever. 30 days by default.</summary>
    public TimeSpan? Finished { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Events of jobs that ended; 7 days by default.</summary>
    public TimeSpan Events { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Workers that were not heard of; 1 day by default.</summary>
    public TimeSpan Workers { get; init; } = TimeSpan.FromDays(1);
}
