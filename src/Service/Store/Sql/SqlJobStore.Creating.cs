namespace XVideo.Service.Store.Sql;

/// <content>Accepting jobs.</content>
public abstract partial class SqlJobStore
{
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24), RetryWindow = TimeSpan.FromSeconds(120);

    /// <inheritdoc/>
    public Task<CreateResult> CreateAsync(NewJob job, int maxQueued, CancellationToken cancellationToken = default)
    {
        Arguments.Check(job);
        return Engine.WriteAsync(async session =>
        {
            await Engine.LockQueueAsync(session).ConfigureAwait(false);
            return await FindEarlierAsync(session, job).ConfigureAwait(false) ?? await FindLimitAsync(session, job, maxQueued).ConfigureAwait(false)
                ?? new CreateResult(CreateOutcome.Created, await InsertAsync(session, job).ConfigureAwait(false));
        }, cancellationToken);
    }

    private static async Task<CreateResult?> FindEarlierAsync(SqlSession session, NewJob job)
    {
        // The same call again, after a failure that left it open whether the first was written.
        if (await ByIdAsync(session, job.Id).ConfigureAwait(false) is { } same) return new(CreateOutcome.Created, same);
        if (job.IdempotencyKey is not null) return await FindKeyAsync(session, job).ConfigureAwait(false);
        if (!job.IsRetry) return null;
        // A job that was cancelled meanwhile is no answer: a client that calls again wants the video.
        var meant = await session.FirstAsync(
            $"SELECT {JobRow.Columns} FROM jobs WHERE request_hash = @hash AND created_at >= {SqlDialect.Now} - @window AND owner_key_id = @owner "
            + "AND deleted_at IS NULL AND cancel_requested_at IS NULL AND state <> 'canceled' ORDER BY seq DESC LIMIT 1",
            JobRow.Read, ("hash", job.RequestHash), ("window", RetryWindow.Milliseconds()), ("owner", job.OwnerKeyId)).ConfigureAwait(false);
        return meant is null ? null : new(CreateOutcome.Replayed, meant);
    }

    private static async Task<CreateResult?> FindKeyAsync(SqlSession session, NewJob job)
    {
        await session.ExecuteAsync($"DELETE FROM idempotency WHERE owner_key_id = @owner AND key = @key AND expires_at <= {SqlDialect.Now}", ("owner", job.OwnerKeyId), ("key", job.IdempotencyKey)).ConfigureAwait(false);
        var known = await session.FirstAsync("SELECT request_hash, job_id FROM idempotency WHERE owner_key_id = @owner AND key = @key",
            row => new { Hash = row.Bytes(0), Job = row.GetString(1) }, ("owner", job.OwnerKeyId), ("key", job.IdempotencyKey)).ConfigureAwait(false);
        if (known is null) return null;
        return known.Hash.AsSpan().SequenceEqual(job.RequestHash) ? new(CreateOutcome.Replayed, await ByIdAsync(session, known.Job).ConfigureAwait(false)) : new(CreateOutcome.KeyReused, null);
    }

    private static async Task<CreateResult?> FindLimitAsync(SqlSession session, NewJob job, int maxQueued)
    {
        var counts = await session.FirstAsync(
            "SELECT max_queued, (SELECT count(*) FROM jobs WHERE state = 'queued'), (SELECT count(*) FROM jobs WHERE state = 'queued' AND owner_key_id = @owner) FROM api_keys WHERE key_id = @owner",
            row => new { OwnLimit = row.GetInt64(0), All = row.GetInt64(1), Own = row.GetInt64(2) }, ("owner", job.OwnerKeyId)).ConfigureAwait(false)
            ?? throw new ArgumentException($"Job {job.Id} has the owner \"{job.OwnerKeyId}\", which is no key of this store. Add the key first, or use \"{ApiKey.LocalId}\".", nameof(job));
        return counts.All >= maxQueued ? new(CreateOutcome.QueueFull, null)
            : counts.Own >= counts.OwnLimit ? new(CreateOutcome.OwnerQueueFull, null)
            : null;
    }

    private static async Task<Job> InsertAsync(SqlSession session, NewJob job)
    {
        var created = await session.FirstAsync(
            "INSERT INTO jobs (id, owner_key_id, state, priority, max_attempts, model, prompt, params, request_hash, seed, cost_units, phase, remixed_from, trace_parent, prompt_truncated, unknown_words, created_at) "
            + $"VALUES (@id, @owner, 'queued', @priority, @attempts, @model, @prompt, @params, @hash, @seed, @cost, 'queued', @remixed, @trace, @truncated, @unknown, {SqlDialect.Now}) RETURNING {JobRow.Columns}",
            JobRow.Read, ("id", job.Id), ("owner", job.OwnerKeyId), ("priority", job.Priority), ("attempts", job.MaxAttempts), ("model", job.Model), ("prompt", job.Prompt),
            ("params", job.Parameters), ("hash", job.RequestHash), ("seed", job.Seed), ("cost", job.CostUnits), ("remixed", job.RemixedFrom), ("trace", job.TraceParent),
            ("truncated", job.IsPromptTruncated switch { null => null, true => 1L, false => 0L }), ("unknown", job.UnknownWords is { } words ? string.Join(' ', words) : null)).ConfigureAwait(false);
        await JobRow.AddEventAsync(session, created!, JobEventKind.Created).ConfigureAwait(false);
        if (job.IdempotencyKey is not null)
            await session.ExecuteAsync($"INSERT INTO idempotency (owner_key_id, key, request_hash, job_id, expires_at) VALUES (@owner, @key, @hash, @id, {SqlDialect.Now} + @life)",
                ("owner", job.OwnerKeyId), ("key", job.IdempotencyKey), ("hash", job.RequestHash), ("id", job.Id), ("life", KeyLife.Milliseconds())).ConfigureAwait(false);
        await AddUsageAsync(session, job.OwnerKeyId, jobs: 1).ConfigureAwait(false);
        session.HintWork();
        return created!;
    }

    private static Task<Job?> ByIdAsync(SqlSession session, string id) => session.FirstAsync($"SELECT {JobRow.Columns} FROM jobs WHERE id = @id", JobRow.Read, ("id", id));

    private static Task AddUsageAsync(SqlSession session, string owner, int jobs = 0, TimeSpan running = default, long bytes = 0) => session.ExecuteAsync(
        $"INSERT INTO usage_daily (owner_key_id, day, jobs, running_ms, bytes) VALUES (@owner, {SqlDialect.Now} / {MillisecondsPerDay}, @jobs, @running, @bytes) "
        + "ON CONFLICT (owner_key_id, day) DO UPDATE SET jobs = usage_daily.jobs + excluded.jobs, running_ms = usage_daily.running_ms + excluded.running_ms, bytes = usage_daily.bytes + excluded.bytes",
        ("owner", owner), ("jobs", jobs), ("running", running.Milliseconds()), ("bytes", bytes));
}
