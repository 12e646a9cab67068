namespace XVideo.Service.Store;

/// <summary>Where a SQLite store lies.</summary>
public sealed record SqliteJobStoreOptions
{
    /// <summary>The file, on a local disk; it and its folder are made if they are not there.</summary>
    public required string Path { get; init; }

    /// <summary>How long a statement waits for another process's write, in whole seconds, 1 or more; 5 s by default.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Which start of this machine it is; by default what the system says. Leases given before another start are over.</summary>
    public string BootId { get; init; } = MachineBoot.Id;
}
