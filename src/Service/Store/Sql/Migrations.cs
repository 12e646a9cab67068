namespace XVideo.Service.Store.Sql;

/// <summary>The versions of the tables: numbered from 1, only ever added to, never changed once released.</summary>
internal static class Migrations
{
    private static readonly Func<SqlDialect, string>[] Versions = [Schema1.Text, Schema2.Text];

    /// <summary>The version this program works with.</summary>
    public static int Latest => Versions.Length;

    /// <summary>Brings the tables to <see cref="Latest"/>. To be called in a transaction that keeps out every other process.</summary>
    /// <exception cref="JobStoreException">The tables are newer than this program.</exception>
    public static async Task ApplyAsync(SqlSession session)
    {
        var number = session.Dialect.Number;
        await session.ExecuteAsync($"CREATE TABLE IF NOT EXISTS schema_version (version {number} NOT NULL, probed_at {number} NOT NULL DEFAULT 0) {session.Dialect.TableEnd}").ConfigureAwait(false);
        var found = await session.NumberAsync("SELECT version FROM schema_version").ConfigureAwait(false) ?? 0;
        Check(found);
        for (var at = (int)found; at < Latest; at++) await session.ExecuteAsync(Versions[at](session.Dialect)).ConfigureAwait(false);
        if (found == 0)
        {
            await session.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@version)", ("version", Latest)).ConfigureAwait(false);
            await AddLocalOwnerAsync(session).ConfigureAwait(false);
        }
        else if (found < Latest) await session.ExecuteAsync("UPDATE schema_version SET version = @version", ("version", Latest)).ConfigureAwait(false);
    }

    /// <exception cref="JobStoreException">The tables are newer than this program.</exception>
    public static void Check(long found)
    {
        if (found > Latest)
            throw new JobStoreException(JobStoreProblem.TooNew, $"The store's tables have version {found}; this program knows versions up to {Latest}. Update this program, or restore the backup taken before the store was updated.");
    }

    private static Task AddLocalOwnerAsync(SqlSession session) => KeyRow.InsertAsync(session, new ApiKey
    {
        KeyId = ApiKey.LocalId,
        SecretHash = [],
        Label = "everybody, where no keys are used",
        Scopes = ["videos:read", "videos:write", "admin"],
        CreatesPerMinute = int.MaxValue,
        ReadsPerMinute = int.MaxValue,
        MaxQueued = int.MaxValue,
        MaxRunning = int.MaxValue,
    });
}
