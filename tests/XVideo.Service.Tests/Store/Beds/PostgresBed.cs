using System.Data.Common;
using Npgsql;
using XVideo.Service.Store;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Tests.Store;

/// <summary>A database of its own on the tests' server. Its clock is a row that the test moves: the functions that the store reads the time with are replaced.</summary>
public sealed class PostgresBed(PostgresServer server) : StoreBed
{
    private const string StandingClock = """
        CREATE TABLE test_clock (now_ms bigint NOT NULL);
        CREATE OR REPLACE FUNCTION xvideo_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT now_ms FROM test_clock';
        """;

    private static int count;

    private readonly string name = $"bed_{Interlocked.Increment(ref count)}";
    private bool isMade;

    private string ConnectionString => server.ConnectionString(name);

    // A pool apart from the store's.
    private string OwnConnections => ConnectionString + ";Application Name=bed";

    internal override SqlDialect Dialect => SqlDialect.Postgres;

    public override async Task MakeEmptyAsync()
    {
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        isMade = true;
        await StopClockAsync();
        await ExecuteAsync("""
            CREATE FUNCTION xvideo_lease_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT xvideo_now()';
            CREATE FUNCTION xvideo_boot() RETURNS text LANGUAGE sql STABLE AS 'SELECT ''''::text';
            """);
    }

    public override Task AdvanceAsync(TimeSpan by) => ExecuteAsync($"UPDATE test_clock SET now_ms = now_ms + {(long)by.TotalMilliseconds}");

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(OwnConnections);
        await connection.OpenAsync();
        return connection;
    }

    protected override async Task<IJobStore> OpenStoreAsync()
    {
        if (!isMade) await server.ExecuteAsync($"CREATE DATABASE {name}");
        var store = await PostgresJobStore.OpenAsync(new() { ConnectionString = ConnectionString });
        if (!isMade) await StopClockAsync();
        isMade = true;
        return store;
    }

    private async Task StopClockAsync()
    {
        await ExecuteAsync(StandingClock);
        await ExecuteAsync($"INSERT INTO test_clock VALUES ({ManualTime.Start.ToUnixTimeMilliseconds()})");
    }

    protected override async Task RemoveAsync()
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(OwnConnections));
        if (isMade) await server.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }
}
