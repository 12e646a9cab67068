namespace XVideo.Service.Store.Sql;

/// <content>Leases: from the claim to the end of the attempt.</content>
public abstract partial class SqlJobStore
{
    private const int MostReapedAtOnce = 100;

    // A job whose time lies further ahead than any delay was put there before the clock was set back. The owners at their limit are looked up once.
    private const string NextJob =
        "SELECT j.seq FROM jobs j WHERE j.state = 'queued' AND (j.run_after <= " + SqlDialect.Now + " OR j.run_after > " + SqlDialect.Now + " + @delay) AND j.owner_key_id NOT IN "
        + "(SELECT r.owner_key_id FROM jobs r JOIN api_keys k ON k.key_id = r.owner_key_id WHERE r.state = 'running' GROUP BY r.owner_key_id, k.max_running HAVING count(*) >= k.max_running) "
        + "ORDER BY j.priority DESC, j.seq LIMIT 1";

    /// <inheritdoc/>
    public Task<Lease?> ClaimAsync(string workerId, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        Arguments.Positive(lease, nameof(lease));
        return Engine.WriteAsync(async session =>
        {
            var job = await session.FirstAsync(
                "UPDATE jobs SET state = 'running', lease_epoch = lease_epoch + 1, attempts = attempts + 1, lease_owner = @worker, lease_boot_id = (SELECT xvideo_boot()), "
                + $"lease_expires_at = {SqlDialect.LeaseNow} + @lease, started_at = coalesce(started_at, {SqlDialect.Now}), run_after = 0, phase = 'loading', last_event = last_event + 1 "
                + $"WHERE seq = ({NextJob} {session.Dialect.LockFreeRows}) RETURNING {JobRow.Columns}",
                JobRow.Read, ("worker", workerId), ("lease", lease.Milliseconds()), ("delay", AttemptEnd.MaxDelay.Milliseconds())).ConfigureAwait(false);
            if (job is null) return null;
            await JobRow.AddEventAsync(session, job, JobEventKind.Claimed).ConfigureAwait(false);
            await session.ExecuteAsync($"INSERT INTO attempts (job_id, epoch, worker_id, started_at) VALUES (@id, @epoch, @worker, {SqlDialect.Now})",
                ("id", job.Id), ("epoch", job.Epoch), ("worker", workerId)).ConfigureAwait(false);
            return new Lease(job);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<HeartbeatReply> HeartbeatAsync(LeaseToken token, TimeSpan lease, JobProgress? progress = null, CancellationToken cancellationToken = default)
    {
        Arguments.Positive(lease, nameof(lease));
        var report = progress is null ? "" : ", phase = @phase, step = @step, steps_total = @steps, progress = CASE WHEN @percent > progress THEN @percent ELSE progress END, eta_ms = @eta";
        return Engine.WriteAsync(async session =>
        {
            var rows = await session.ListAsync(
                $"UPDATE jobs SET lease_expires_at = {SqlDialect.LeaseNow} + @lease, lease_boot_id = (SELECT xvideo_boot()) {report} "
                + "WHERE id = @id AND lease_epoch = @epoch AND state = 'running' RETURNING cancel_requested_at",
                row => row.IsDBNull(0) ? HeartbeatReply.Held : HeartbeatReply.CancelRequested,
                ("lease", lease.Milliseconds()), ("id", token.JobId), ("epoch", token.Epoch), ("phase", progress is null ? null : EnumText<JobPhase>.Of(progress.Phase)),
                ("step", progress?.Step), ("steps", progress?.StepsTotal), ("percent", Math.Clamp(progress?.Percent ?? 0, 0, 99)), ("eta", progress?.Eta?.Milliseconds())).ConfigureAwait(false);
            return rows is [var reply] ? reply : HeartbeatReply.Lost;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<PublishOutcome> PublishAsync(LeaseToken token, IReadOnlyList<Artifact> artifacts, TimeSpan? keepFor, AttemptReport? report = null, CancellationToken cancellationToken = default)
    {
        Arguments.Check(artifacts);
        Arguments.Check(report);
        return Engine.WriteAsync(async session =>
        {
            var job = await JobRow.LockAsync(session, token.JobId).ConfigureAwait(false);
            // The same call again, after a failure that left it open whether the first was written.
            if (job?.ResultEpoch == token.Epoch) return PublishOutcome.Published;
            if (job is not { State: JobState.Running } || job.Epoch != token.Epoch) return PublishOutcome.Lost;
            if (job.CancelRequestedAt is not null) return PublishOutcome.CancelRequested;
            foreach (var artifact in artifacts) await AddArtifactAsync(session, job.Id, artifact).ConfigureAwait(false);
            await EndAsync(session, job, AttemptEnd.Published, report, keepFor).ConfigureAwait(false);
            await AddUsageAsync(session, job.OwnerKeyId, bytes: artifacts.Sum(artifact => artifact.Bytes)).ConfigureAwait(false);
            return PublishOutcome.Published;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JobState?> FailAsync(LeaseToken token, JobFailure failure, AttemptReport? report = null, CancellationToken cancellationToken = default) =>
        LeaveAsync(token, job => AttemptEnd.Failed(job, failure), report, cancellationToken);

    /// <inheritdoc/>
    public Task<JobState?> ReleaseAsync(LeaseToken token, CancellationToken cancellationToken = default) => LeaveAsync(token, AttemptEnd.Released, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> FinishCanceledAsync(LeaseToken token, AttemptReport? report = null, CancellationToken cancellationToken = default) =>
        await LeaveAsync(token, job => job.CancelRequestedAt is null ? null : AttemptEnd.Canceled, report, cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Job>> ReapAsync(CancellationToken cancellationToken = default) => await Engine.WriteAsync(async session =>
        await Engine.TryLeadAsync(session).ConfigureAwait(false) ? await LoseAsync(session, SqlDialect.LeaseIsOver).ConfigureAwait(false) : [], cancellationToken).ConfigureAwait(false);

    private Task<JobState?> LeaveAsync(LeaseToken token, Func<Job, AttemptEnd?> decide, AttemptReport? report, CancellationToken cancellationToken)
    {
        Arguments.Check(report);
        return Engine.WriteAsync(async session =>
        {
            if (await JobRow.LockHeldAsync(session, token).ConfigureAwait(false) is not { } job || decide(job) is not { } end) return null;
            return (JobState?)(await EndAsync(session, job, end, report).ConfigureAwait(false)).State;
        }, cancellationToken);
    }

    /// <summary>Ends, as lost, the attempts of running jobs that meet a condition.</summary>
    private static async Task<List<Job>> LoseAsync(SqlSession session, string condition, params (string Name, object? Value)[] values)
    {
        var lost = await session.ListAsync($"SELECT {JobRow.Columns} FROM jobs WHERE state = 'running' AND {condition} ORDER BY seq LIMIT {MostReapedAtOnce} {session.Dialect.LockFreeRows}", JobRow.Read, values).ConfigureAwait(false);
        var jobs = new List<Job>();
        foreach (var job in lost) jobs.Add(await EndAsync(session, job, AttemptEnd.Lost(job), null).ConfigureAwait(false));
        return jobs;
    }

    /// <summary>Ends the attempt of a running job that is locked.</summary>
    private static async Task<Job> EndAsync(SqlSession session, Job job, AttemptEnd end, AttemptReport? report, TimeSpan? keepFor = null)
    {
        var (queued, completed) = (end.State == JobState.Queued, end.State == JobState.Completed);
        var set = "state = @state, lease_owner = NULL, lease_boot_id = NULL, lease_expires_at = NULL, eta_ms = NULL, attempts = @attempts, error_code = @code, error_message = @message, "
            + "attempt_error = coalesce(@attempt_error, attempt_error), peak_memory_bytes = coalesce(@peak, peak_memory_bytes), "
            + $"run_after = {(end.Delay > TimeSpan.Zero ? SqlDialect.Now : "0")} + @delay"
            + (queued ? ", phase = 'queued', step = 0, progress = 0" : $", completed_at = {SqlDialect.Now}")
            + (completed ? ", progress = 100, result_epoch = lease_epoch" : "")
            + (completed && keepFor is not null ? $", expires_at = {SqlDialect.Now} + @keep" : "");
        var now = await JobRow.ChangeAsync(session, job.Id, set, end.Event, ("state", EnumText<JobState>.Of(end.State)), ("attempts", end.IsCharged ? job.Attempts : job.Attempts - 1),
            ("code", queued ? null : end.ErrorCode), ("message", queued ? null : end.ErrorMessage), ("delay", end.Delay.Milliseconds()), ("keep", keepFor?.Milliseconds()),
            ("attempt_error", end.AttemptError), ("peak", report?.PeakMemoryBytes)).ConfigureAwait(false);
        var ran = await session.NumberAsync(
            $"UPDATE attempts SET ended_at = {SqlDialect.Now}, outcome = @outcome, error_code = @code, peak_memory_bytes = @peak, timings = @timings WHERE job_id = @id AND epoch = @epoch RETURNING ended_at - started_at",
            ("outcome", EnumText<AttemptOutcome>.Of(end.Outcome)), ("code", end.ErrorCode), ("peak", report?.PeakMemoryBytes), ("timings", report?.Timings), ("id", job.Id), ("epoch", job.Epoch)).ConfigureAwait(false);
        // Negative if the clock was set back meanwhile.
        await AddUsageAsync(session, job.OwnerKeyId, running: TimeSpan.FromMilliseconds(Math.Max(0, ran ?? 0))).ConfigureAwait(false);
        // The job itself, or another of the owner's, can be claimed now.
        session.HintWork();
        return now;
    }

    private static Task AddArtifactAsync(SqlSession session, string id, Artifact artifact) => session.ExecuteAsync(
        "INSERT INTO artifacts (job_id, variant, rel_path, content_type, bytes, sha256, width, height) VALUES (@id, @variant, @path, @type, @bytes, @sha, @width, @height)",
        ("id", id), ("variant", artifact.Variant), ("path", artifact.Path), ("type", artifact.ContentType), ("bytes", artifact.Bytes), ("sha", artifact.Sha256), ("width", artifact.Width), ("height", artifact.Height));
}
