namespace XVideo.Service.Store;

/// <summary>Where a PostgreSQL store is.</summary>
public sealed record PostgresJobStoreOptions
{
    /// <summary>
    /// Npgsql's connection string. The pool holds 20 connections unless it says otherwise. Not through a proxy that pools by transaction: announcements
    /// would not arrive.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>How often a unit of work is tried when the connection breaks or transactions collide, 1 or more; 4 by default.</summary>
    public int MaxTries { get; init; } = 4;
}
