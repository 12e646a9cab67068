using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Store.Sqlite;

/// <summary>Open connections to one file, all set up alike. The package's own pool would hand them out without the settings and functions.</summary>
internal sealed class SqliteConnections(SqliteJobStoreOptions options, SqliteClock clock) : IDisposable
{
    private readonly ConcurrentBag<(SqliteConnection Connection, PreparedStatements Statements)> idle = [];
    private volatile bool isClosed;

    private readonly string text = new SqliteConnectionStringBuilder
    {
        DataSource = options.Path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = (int)options.BusyTimeout.TotalSeconds,
        ForeignKeys = true,
        Pooling = false,
    }.ToString();

    /// <summary>A connection for as long as the caller likes.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(text);
        try
        {
            connection.Open();
            connection.CreateFunction("xvideo_now", clock.Now);
            connection.CreateFunction("xvideo_lease_now", clock.LeaseNow);
            connection.CreateFunction("xvideo_boot", () => options.BootId);
            // FULL: an accepted job survives a power cut. It costs under half a millisecond a commit.
            Execute(connection, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 1000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection to be given back.</summary>
    public (SqliteConnection Connection, PreparedStatements Statements) Rent()
    {
        if (idle.TryTake(out var known)) return known;
        var connection = Open();
        return (connection, new PreparedStatements(connection));
    }

    public void Return((SqliteConnection Connection, PreparedStatements Statements) rented)
    {
        idle.Add(rented);
        if (isClosed) CloseIdle();
    }

    public static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        isClosed = true;
        CloseIdle();
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out var entry)) entry.Connection.Dispose();
    }
}
