using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using XVideo.Service.Store.Postgres;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Store;

/// <summary>The store in a PostgreSQL database, for any number of machines. Times and leases are the database's, never a worker's.</summary>
public sealed class PostgresJobStore : SqlJobStore
{
    private PostgresJobStore(PostgresEngine engine)
        : base(engine)
    {
    }

    /// <summary>Opens the store, making or updating its tables.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="logger">Is told when announcements are interrupted; nobody by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JobStoreException">It cannot be reached, its settings are wrong, or its tables are newer than this program.</exception>
    public static async Task<PostgresJobStore> OpenAsync(PostgresJobStoreOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        if (options.MaxTries < 1) throw new ArgumentException($"MaxTries is {options.MaxTries}; it must be 1 or more.", nameof(options));
        return new(await PostgresEngine.OpenAsync(options, logger ?? NullLogger.Instance, cancellationToken).ConfigureAwait(false));
    }
}
