using Microsoft.Extensions.Logging;
using Npgsql;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Store.Postgres;

/// <summary>PostgreSQL 13 or later: pooled connections, READ COMMITTED, the server's clock, announcements over LISTEN and NOTIFY.</summary>
internal sealed class PostgresEngine : SqlEngine
{
    // Names of advisory locks, which hold in the whole database: "xvid" in front keeps them apart from other programs'.
    private const long QueueLock = 0x78766964_00000001, ReaperLock = 0x78766964_00000002, MigrationLock = 0x78766964_00000003;

    private const string Clock = """
        CREATE FUNCTION xvideo_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint';
        CREATE FUNCTION xvideo_lease_now() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT xvideo_now()';
        CREATE FUNCTION xvideo_boot() RETURNS text LANGUAGE sql STABLE AS 'SELECT ''''::text';
        """;

    // Rows of jobs change often without changing an indexed column: space in their page keeps that cheap.
    private const string Storage = "ALTER TABLE jobs SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)";

    // Several processes share a server, which by default takes 100 connections of all.
    private const int UsualPoolSize = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource source;
    private readonly PostgresListener listener;
    private readonly string server;
    private readonly int maxTries;

    private PostgresEngine(NpgsqlDataSource source, NpgsqlConnectionStringBuilder connection, int maxTries, ILogger logger)
    {
        (this.source, this.maxTries) = (source, maxTries);
        server = $"{connection.Host}:{connection.Port}, database \"{connection.Database}\"";
        listener = new PostgresListener(connection, logger, AnnounceWork, AnnounceCancel);
    }

    public override bool IsSingleHost => false;

    /// <exception cref="JobStoreException">It cannot be reached, or is newer than this program.</exception>
    public static async Task<PostgresEngine> OpenAsync(PostgresJobStoreOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var connection = Settings(options.ConnectionString);
        var engine = new PostgresEngine(NpgsqlDataSource.Create(connection), connection, options.MaxTries, logger);
        try
        {
            await engine.WriteAsync(async session => { await MigrateAsync(session).ConfigureAwait(false); return true; }, cancellationToken).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken) => TryAsync(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var session = new SqlSession(new PreparedStatements(connection, most: 0), transaction, SqlDialect.Postgres, cancellationToken);
        var result = await work(session).ConfigureAwait(false);
        await AnnounceAsync(session).ConfigureAwait(false);
        // Not the caller's token: who gives up now could not know whether it was done.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }, cancellationToken);

    public override Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken) =>
        TryAsync(connection => work(new SqlSession(new PreparedStatements(connection, most: 0), null, SqlDialect.Postgres, cancellationToken)), cancellationToken);

    public override async Task LockQueueAsync(SqlSession session) => await session.ExecuteAsync($"SELECT pg_advisory_xact_lock({QueueLock})").ConfigureAwait(false);

    public override async Task<bool> TryLeadAsync(SqlSession session) =>
        await session.NumberAsync($"SELECT CASE WHEN pg_try_advisory_xact_lock({ReaperLock}) THEN 1::bigint END").ConfigureAwait(false) is not null;

    // Its own autovacuum does that.
    public override Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync().ConfigureAwait(false);
        await source.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task MigrateAsync(SqlSession session)
    {
        await session.ExecuteAsync($"SELECT pg_advisory_xact_lock({MigrationLock})").ConfigureAwait(false);
        var isNew = await session.NumberAsync("SELECT CASE WHEN to_regclass('schema_version') IS NULL THEN 1::bigint END").ConfigureAwait(false) is not null;
        if (isNew) await session.ExecuteAsync(Clock).ConfigureAwait(false);
        await Migrations.ApplyAsync(session).ConfigureAwait(false);
        if (isNew) await session.ExecuteAsync(Storage).ConfigureAwait(false);
    }

    // Sent by the server when the transaction commits, to this process too.
    private static async Task AnnounceAsync(SqlSession session)
    {
        if (session.HasWork) await session.ExecuteAsync($"SELECT pg_notify('{PostgresListener.WorkChannel}', '')").ConfigureAwait(false);
        foreach (var id in session.Canceled) await session.ExecuteAsync($"SELECT pg_notify('{PostgresListener.CancelChannel}', @id)", ("id", id)).ConfigureAwait(false);
    }

    private async Task<T> TryAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                return await work(connection).ConfigureAwait(false);
            }
            catch (NpgsqlException error) when (attempt < maxTries && PostgresProblems.IsPassing(error))
            {
                await Task.Delay(FirstPause * Math.Pow(4, attempt - 1), cancellationToken).ConfigureAwait(false);
            }
            catch (NpgsqlException error)
            {
                throw PostgresProblems.Explain(error, server);
            }
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(string text)
    {
        NpgsqlConnectionStringBuilder given;
        try
        {
            // Of two values the later one counts.
            given = new NpgsqlConnectionStringBuilder($"Maximum Pool Size={UsualPoolSize};{text}");
        }
        catch (ArgumentException error)
        {
            // Without the text, which may hold a password.
            throw new JobStoreException(JobStoreProblem.Refused, $"The connection string of the job store is wrong: {error.Message} Write it like \"Host=db;Database=xvideo;Username=xvideo\".", error);
        }
        given.MaxAutoPrepare = 50;
        given.ApplicationName ??= "xvideo";
        given.Options = $"{given.Options} -c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000".Trim();
        return given;
    }
}
