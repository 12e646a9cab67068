using XVideo.Service.Store.Sql;
using XVideo.Service.Store.Sqlite;

namespace XVideo.Service.Store;

/// <summary>The store in one SQLite file: for one machine, with any number of processes. Nothing to set up.</summary>
/// <remarks>
/// Times are the process's; leases are measured with the machine's monotonic clock and end with its boot. Work is announced within the process only:
/// other processes find it when their wait ends. Back it up with <c>VACUUM INTO</c>, never by copying the file alone.
/// </remarks>
public sealed class SqliteJobStore : SqlJobStore
{
    private SqliteJobStore(SqliteEngine engine)
        : base(engine)
    {
    }

    /// <summary>Opens the store, making or updating its tables.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clocks; the system's by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JobStoreException">It cannot be opened, or its tables are newer than this program.</exception>
    public static async Task<SqliteJobStore> OpenAsync(SqliteJobStoreOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        if (options.BusyTimeout < TimeSpan.FromSeconds(1)) throw new ArgumentException($"BusyTimeout is {options.BusyTimeout}; it must be 1 s or more.", nameof(options));
        return new(await SqliteEngine.OpenAsync(options, time ?? TimeProvider.System, cancellationToken).ConfigureAwait(false));
    }
}
