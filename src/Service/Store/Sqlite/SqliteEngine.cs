using Microsoft.Data.Sqlite;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Store.Sqlite;

/// <summary>SQLite in WAL mode: one writer of this process at a time, over one connection; readers beside it. Its "asynchronous" calls are not, and take well under a millisecond.</summary>
internal sealed class SqliteEngine : SqlEngine
{
    private readonly string path;
    private readonly SqliteConnections connections;
    private readonly SqliteConnection writer;
    private readonly PreparedStatements written;
    private readonly SemaphoreSlim turn = new(1);
    private bool isClosed;

    private SqliteEngine(string path, SqliteConnections connections, SqliteConnection writer) =>
        (this.path, this.connections, this.writer, written) = (path, connections, writer, new PreparedStatements(writer));

    public override bool IsSingleHost => true;

    /// <exception cref="JobStoreException">It cannot be opened, or is newer than this program.</exception>
    public static async Task<SqliteEngine> OpenAsync(SqliteJobStoreOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var connections = new SqliteConnections(options, new SqliteClock(time));
        try
        {
            MakeFolder(options.Path);
            var engine = new SqliteEngine(options.Path, connections, connections.Open());
            // Before the first table and the first write, or it has no effect.
            SqliteConnections.Execute(engine.writer, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
            await engine.WriteAsync(async session => { await Migrations.ApplyAsync(session).ConfigureAwait(false); return true; }, cancellationToken).ConfigureAwait(false);
            return engine;
        }
        catch (SqliteException error)
        {
            throw SqliteProblems.Explain(error, options.Path);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        SqlSession session;
        T result;
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            // Takes the write lock at once, so that what the work reads stays true until it writes.
            await using var transaction = writer.BeginTransaction(deferred: false);
            // Not the caller's token: a unit of work that has begun is not torn.
            session = new SqlSession(written, transaction, SqlDialect.Sqlite, CancellationToken.None);
            result = await work(session).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (SqliteException error)
        {
            throw SqliteProblems.Explain(error, path);
        }
        finally
        {
            turn.Release();
        }
        if (session.HasWork) AnnounceWork();
        foreach (var id in session.Canceled) AnnounceCancel(id);
        return result;
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(isClosed, this);
        (SqliteConnection, PreparedStatements Statements)? rented = null;
        try
        {
            rented = connections.Rent();
            return await work(new SqlSession(rented.Value.Statements, null, SqlDialect.Sqlite, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (SqliteException error)
        {
            throw SqliteProblems.Explain(error, path);
        }
        finally
        {
            if (rented is not null) connections.Return(rented.Value);
        }
    }

    public override Task LockQueueAsync(SqlSession session) => Task.CompletedTask;

    public override Task<bool> TryLeadAsync(SqlSession session) => Task.FromResult(true);

    public override Task TidyAsync(CancellationToken cancellationToken) => OutsideTransactionAsync("PRAGMA incremental_vacuum(2000); PRAGMA optimize", cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (isClosed) return;
        try
        {
            await OutsideTransactionAsync("PRAGMA wal_checkpoint(TRUNCATE)", CancellationToken.None).ConfigureAwait(false);
        }
        catch (JobStoreException)
        {
            // Nothing is lost: the next start reads the log file.
        }
        isClosed = true;
        connections.Dispose();
        await writer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task OutsideTransactionAsync(string text, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            SqliteConnections.Execute(writer, text);
        }
        catch (SqliteException error)
        {
            throw SqliteProblems.Explain(error, path);
        }
        finally
        {
            turn.Release();
        }
    }

    private static void MakeFolder(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder || Directory.Exists(folder)) return;
        try
        {
            // Prompts are nobody else's business.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JobStoreException(JobStoreProblem.Unavailable, $"Folder \"{folder}\" of the job store cannot be made: {error.Message} Choose another place.", error);
        }
    }
}
