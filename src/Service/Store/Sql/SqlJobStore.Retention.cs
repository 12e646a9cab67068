namespace XVideo.Service.Store.Sql;

/// <content>What is kept, and for how long.</content>
public abstract partial class SqlJobStore
{
    private const int PathsAtOnce = 200, JobsAtOnce = 500;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ExpireAsync(int limit, CancellationToken cancellationToken = default)
    {
        Arguments.Positive(limit, nameof(limit));
        return await Engine.WriteAsync(async session =>
        {
            var due = await session.ListAsync(
                $"SELECT DISTINCT a.job_id FROM artifacts a JOIN jobs j ON j.id = a.job_id WHERE j.deleted_at IS NOT NULL OR j.expires_at <= {SqlDialect.Now} LIMIT @limit",
                row => row.GetString(0), ("limit", limit)).ConfigureAwait(false);
            return await ForgetArtifactsAsync(session, due).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FreeSpaceAsync(long bytes, TimeSpan minimumAge, CancellationToken cancellationToken = default)
    {
        Arguments.Positive(bytes, nameof(bytes));
        return await Engine.WriteAsync(async session =>
        {
            var oldest = await session.ListAsync(
                "SELECT a.job_id, CAST(sum(a.bytes) AS bigint) FROM artifacts a JOIN jobs j ON j.id = a.job_id "
                + $"WHERE j.completed_at <= {SqlDialect.Now} - @age GROUP BY a.job_id, j.completed_at, j.seq ORDER BY j.completed_at, j.seq",
                row => (Job: row.GetString(0), Bytes: row.GetInt64(1)), ("age", minimumAge.Milliseconds())).ConfigureAwait(false);
            var freed = 0L;
            var chosen = oldest.TakeWhile(entry => (freed += entry.Bytes) - entry.Bytes < bytes).Select(entry => entry.Job).ToList();
            return await ForgetArtifactsAsync(session, chosen).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<long> GetArtifactBytesAsync(CancellationToken cancellationToken = default) =>
        await Engine.ReadAsync(session => session.NumberAsync("SELECT CAST(sum(bytes) AS bigint) FROM artifacts"), cancellationToken).ConfigureAwait(false) ?? 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindUnknownFilesAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken = default) => await Engine.ReadAsync(async session =>
    {
        var unknown = new List<string>();
        foreach (var some in paths.Chunk(PathsAtOnce))
        {
            var values = some.Select((path, at) => ($"p{at}", (object?)path)).ToArray();
            var names = string.Join(", ", values.Select(value => $"@{value.Item1}"));
            var known = await session.ListAsync($"SELECT rel_path FROM artifacts WHERE rel_path IN ({names})", row => row.GetString(0), values).ConfigureAwait(false);
            unknown.AddRange(some.Except(known));
        }
        return unknown;
    }, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<PurgeCounts> PurgeAsync(RetentionPeriods periods, CancellationToken cancellationToken = default)
    {
        var jobs = await RemoveJobsAsync($"deleted_at <= {SqlDialect.Now} - @age", periods.Tombstones, cancellationToken).ConfigureAwait(false);
        if (periods.Finished is { } finished)
            jobs += await RemoveJobsAsync($"deleted_at IS NULL AND completed_at <= {SqlDialect.Now} - @age AND coalesce(expires_at, completed_at) <= {SqlDialect.Now} - @age", finished, cancellationToken).ConfigureAwait(false);
        var counts = await Engine.WriteAsync(async session => new PurgeCounts(
            jobs,
            await session.ExecuteAsync($"DELETE FROM job_events WHERE created_at <= {SqlDialect.Now} - @age AND EXISTS (SELECT 1 FROM jobs j WHERE j.id = job_events.job_id AND j.completed_at <= {SqlDialect.Now} - @age)", ("age", periods.Events.Milliseconds())).ConfigureAwait(false),
            await session.ExecuteAsync($"DELETE FROM idempotency WHERE expires_at <= {SqlDialect.Now}").ConfigureAwait(false),
            await session.ExecuteAsync(
                $"DELETE FROM workers WHERE last_seen_at <= {SqlDialect.Now} - @age AND NOT EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND lease_owner = workers.worker_id)", ("age", periods.Workers.Milliseconds())).ConfigureAwait(false)),
            cancellationToken).ConfigureAwait(false);
        await Engine.TidyAsync(cancellationToken).ConfigureAwait(false);
        return counts;
    }

    // In parts: the rows of a busy month at once would hold up every other write.
    private async Task<int> RemoveJobsAsync(string condition, TimeSpan age, CancellationToken cancellationToken)
    {
        var (removed, some) = (0, 0);
        do
        {
            some = await Engine.WriteAsync(session => session.ExecuteAsync(
                $"DELETE FROM jobs WHERE seq IN (SELECT seq FROM jobs WHERE {condition} AND state <> 'running' AND NOT EXISTS (SELECT 1 FROM artifacts a WHERE a.job_id = jobs.id) LIMIT {JobsAtOnce})",
                ("age", age.Milliseconds())), cancellationToken).ConfigureAwait(false);
            removed += some;
        }
        while (some == JobsAtOnce);
        return removed;
    }

    private static async Task<List<string>> ForgetArtifactsAsync(SqlSession session, List<string> ids)
    {
        var paths = new List<string>();
        foreach (var id in ids)
        {
            var gone = await session.ListAsync("DELETE FROM artifacts WHERE job_id = @id RETURNING rel_path", row => row.GetString(0), ("id", id)).ConfigureAwait(false);
            // Another process was quicker.
            if (gone.Count == 0) continue;
            paths.AddRange(gone);
            const string sooner = $"expires_at = CASE WHEN expires_at < {SqlDialect.Now} THEN expires_at ELSE {SqlDialect.Now} END";
            await JobRow.ChangeAsync(session, id, sooner, JobEventKind.Expired).ConfigureAwait(false);
        }
        return paths;
    }
}
