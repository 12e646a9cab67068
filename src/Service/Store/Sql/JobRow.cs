using System.Data.Common;

namespace XVideo.Service.Store.Sql;

/// <summary>A row of <c>jobs</c>.</summary>
internal static class JobRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns =
        "seq, id, owner_key_id, state, priority, run_after, attempts, max_attempts, lease_epoch, lease_owner, cancel_requested_at, deleted_at, model, prompt, params, "
        + "request_hash, seed, cost_units, phase, step, steps_total, progress, eta_ms, error_code, error_message, remixed_from, trace_parent, created_at, started_at, "
        + "completed_at, expires_at, result_epoch, last_event, prompt_truncated, unknown_words, attempt_error, peak_memory_bytes";

    public static Job Read(DbDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Id = row.GetString(1),
        OwnerKeyId = row.GetString(2),
        State = EnumText<JobState>.Parse(row.GetString(3)),
        Priority = row.Int(4),
        RunAfter = row.GetInt64(5) == 0 ? null : row.Time(5),
        Attempts = row.Int(6),
        MaxAttempts = row.Int(7),
        Epoch = row.GetInt64(8),
        WorkerId = row.Text(9),
        CancelRequestedAt = row.TimeOrNull(10),
        DeletedAt = row.TimeOrNull(11),
        Model = row.GetString(12),
        Prompt = row.GetString(13),
        Parameters = row.GetString(14),
        RequestHash = row.Bytes(15),
        Seed = row.GetInt64(16),
        CostUnits = row.GetInt64(17),
        Phase = EnumText<JobPhase>.Parse(row.GetString(18)),
        Step = row.Int(19),
        StepsTotal = row.Int(20),
        Progress = row.Int(21),
        Eta = row.SpanOrNull(22),
        ErrorCode = row.Text(23),
        ErrorMessage = row.Text(24),
        RemixedFrom = row.Text(25),
        TraceParent = row.Text(26),
        CreatedAt = row.Time(27),
        StartedAt = row.TimeOrNull(28),
        CompletedAt = row.TimeOrNull(29),
        ExpiresAt = row.TimeOrNull(30),
        ResultEpoch = row.Number(31),
        LastEvent = row.GetInt64(32),
        IsPromptTruncated = row.IsDBNull(33) ? null : row.GetInt64(33) != 0,
        UnknownWords = row.Text(34)?.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        AttemptError = row.Text(35),
        PeakMemoryBytes = row.Number(36),
    };

    /// <summary>A job, locked for the rest of the transaction; <see langword="null"/> if it is unknown, deleted or another owner's.</summary>
    public static Task<Job?> LockAsync(SqlSession session, string id, string? ownerKeyId)
    {
        var owner = ownerKeyId is null ? "" : "AND owner_key_id = @owner";
        return session.FirstAsync($"SELECT {Columns} FROM jobs WHERE id = @id AND deleted_at IS NULL {owner} {session.Dialect.LockRow}", Read, ("id", id), ("owner", ownerKeyId));
    }

    /// <summary>A job by its id alone, deleted or not, locked likewise.</summary>
    public static Task<Job?> LockAsync(SqlSession session, string id) =>
        session.FirstAsync($"SELECT {Columns} FROM jobs WHERE id = @id {session.Dialect.LockRow}", Read, ("id", id));

    /// <summary>The job of a lease that is still held, locked likewise; else <see langword="null"/>.</summary>
    public static async Task<Job?> LockHeldAsync(SqlSession session, LeaseToken token) =>
        await LockAsync(session, token.JobId).ConfigureAwait(false) is { State: JobState.Running } job && job.Epoch == token.Epoch ? job : null;

    /// <summary>Changes a job that is locked, with an event that says so.</summary>
    /// <param name="session">In the transaction that locked it.</param>
    /// <param name="id">Of the job.</param>
    /// <param name="set">Assignments.</param>
    /// <param name="kind">Of the event.</param>
    /// <param name="values">Of the assignments.</param>
    /// <returns>The job as it is now.</returns>
    public static async Task<Job> ChangeAsync(SqlSession session, string id, string set, JobEventKind kind, params (string Name, object? Value)[] values)
    {
        var job = await session.FirstAsync($"UPDATE jobs SET last_event = last_event + 1, {set} WHERE id = @id RETURNING {Columns}", Read, [("id", id), .. values]).ConfigureAwait(false);
        await AddEventAsync(session, job!, kind).ConfigureAwait(false);
        return job!;
    }

    /// <summary>Writes the event that a job's row counts already.</summary>
    public static Task AddEventAsync(SqlSession session, Job job, JobEventKind kind) => session.ExecuteAsync(
        $"INSERT INTO job_events (job_id, n, kind, state, epoch, created_at) VALUES (@id, @n, @kind, @state, @epoch, {SqlDialect.Now})",
        ("id", job.Id), ("n", job.LastEvent), ("kind", EnumText<JobEventKind>.Of(kind)), ("state", EnumText<JobState>.Of(job.State)), ("epoch", job.Epoch));
}
