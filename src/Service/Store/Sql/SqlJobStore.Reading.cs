namespace XVideo.Service.Store.Sql;

/// <content>Reading jobs and the queue.</content>
public abstract partial class SqlJobStore
{
    private const int JobsInMean = 20;

    /// <inheritdoc/>
    public Task<Job?> GetAsync(string id, string? ownerKeyId, CancellationToken cancellationToken = default) => Engine.ReadAsync(session =>
        session.FirstAsync($"SELECT {JobRow.Columns} FROM jobs WHERE id = @id AND deleted_at IS NULL {Mine(ownerKeyId)}", JobRow.Read, ("id", id), ("owner", ownerKeyId)), cancellationToken);

    /// <inheritdoc/>
    public Task<JobPage?> ListAsync(JobQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Limit < 0) throw new ArgumentException($"Limit is {query.Limit}; it must be 0 or more.", nameof(query));
        return Engine.ReadAsync(async session =>
        {
            long? after = query.Ascending ? 0 : long.MaxValue;
            if (query.After is not null)
                after = await session.NumberAsync($"SELECT seq FROM jobs WHERE id = @after {Mine(query.OwnerKeyId)}", ("after", query.After), ("owner", query.OwnerKeyId)).ConfigureAwait(false);
            if (after is null) return null;
            var (beyond, order) = query.Ascending ? (">", "ASC") : ("<", "DESC");
            // One more than asked for tells whether there are more.
            var jobs = query.Limit == 0 ? [] : await session.ListAsync(
                $"SELECT {JobRow.Columns} FROM jobs WHERE deleted_at IS NULL {Mine(query.OwnerKeyId)} AND seq {beyond} @after ORDER BY seq {order} LIMIT @limit",
                JobRow.Read, ("owner", query.OwnerKeyId), ("after", after), ("limit", query.Limit + 1L)).ConfigureAwait(false);
            return new JobPage(jobs.Count > query.Limit ? jobs[..query.Limit] : jobs, jobs.Count > query.Limit);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Artifact>> ListArtifactsAsync(string id, CancellationToken cancellationToken = default) => await Engine.ReadAsync(session => session.ListAsync(
        "SELECT variant, rel_path, content_type, bytes, sha256, width, height FROM artifacts WHERE job_id = (SELECT id FROM jobs WHERE id = @id AND deleted_at IS NULL) ORDER BY variant",
        row => new Artifact(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.Bytes(4), row.Int(5), row.Int(6)), ("id", id)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobEvent>> ListEventsAsync(string id, long after = 0, CancellationToken cancellationToken = default) => await Engine.ReadAsync(session => session.ListAsync(
        "SELECT n, kind, state, epoch, created_at FROM job_events WHERE job_id = @id AND n > @after ORDER BY n",
        row => new JobEvent(row.GetInt64(0), EnumText<JobEventKind>.Parse(row.GetString(1)), EnumText<JobState>.Parse(row.GetString(2)), row.GetInt64(3), row.Time(4)),
        ("id", id), ("after", after)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Attempt>> ListAttemptsAsync(string id, CancellationToken cancellationToken = default) => await Engine.ReadAsync(session => session.ListAsync(
        "SELECT job_id, epoch, worker_id, started_at, ended_at, outcome, error_code, peak_memory_bytes, timings FROM attempts WHERE job_id = @id ORDER BY epoch",
        row => new Attempt(row.GetString(0), row.GetInt64(1), row.GetString(2), row.Time(3), row.TimeOrNull(4), row.Text(5) is { } outcome ? EnumText<AttemptOutcome>.Parse(outcome) : null,
            row.Text(6), row.IsDBNull(7) && row.IsDBNull(8) ? null : new AttemptReport(row.Number(7), row.Text(8))), ("id", id)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<QueueStatus> GetQueueStatusAsync(string? ownerKeyId = null, CancellationToken cancellationToken = default) => Engine.ReadAsync(async session =>
    {
        var mine = Mine(ownerKeyId);
        var waiting = await session.FirstAsync($"SELECT count(*), min(created_at) FROM jobs WHERE state = 'queued' {mine}", row => new { Count = row.Int(0), Oldest = row.TimeOrNull(1) }, ("owner", ownerKeyId)).ConfigureAwait(false);
        var running = await session.NumberAsync($"SELECT count(*) FROM jobs WHERE state = 'running' {mine}", ("owner", ownerKeyId)).ConfigureAwait(false);
        var latest = await session.ListAsync($"SELECT completed_at - started_at, cost_units FROM jobs WHERE state = 'completed' ORDER BY completed_at DESC LIMIT {JobsInMean}",
            row => (Time: Math.Max(0, row.GetInt64(0)), Cost: row.GetInt64(1))).ConfigureAwait(false);
        var (time, cost) = (latest.Sum(job => job.Time), latest.Sum(job => job.Cost));
        return new QueueStatus(waiting!.Count, (int)(running ?? 0), waiting.Oldest,
            latest.Count == 0 ? null : TimeSpan.FromMilliseconds((double)time / latest.Count), cost == 0 ? null : TimeSpan.FromMilliseconds((double)time / cost));
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<int?> GetQueuePositionAsync(string id, CancellationToken cancellationToken = default) => Engine.ReadAsync(async session =>
    {
        var ahead = await session.NumberAsync(
            // Two ranges of one index: a single condition would go through the whole queue.
            "SELECT (SELECT count(*) FROM jobs q WHERE q.state = 'queued' AND q.priority > me.priority) "
            + "+ (SELECT count(*) FROM jobs q WHERE q.state = 'queued' AND q.priority = me.priority AND q.seq <= me.seq) "
            + "FROM jobs me WHERE me.id = @id AND me.state = 'queued'", ("id", id)).ConfigureAwait(false);
        return ahead is null or 0 ? null : (int?)ahead;
    }, cancellationToken);

    private static string Mine(string? ownerKeyId) => ownerKeyId is null ? "" : "AND owner_key_id = @owner";
}
