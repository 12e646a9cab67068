namespace XVideo.Service.Store.Sql;

/// <content>What owners do to end a job.</content>
public abstract partial class SqlJobStore
{
    private const string EndedByOwner = $"state = 'canceled', run_after = 0, completed_at = {SqlDialect.Now}, error_code = @code, error_message = @message";

    private const string AskedToStop = $"cancel_requested_at = coalesce(cancel_requested_at, {SqlDialect.Now})";

    private static readonly (string, object?)[] CanceledError = [("code", AttemptEnd.Canceled.ErrorCode), ("message", AttemptEnd.Canceled.ErrorMessage)];

    /// <inheritdoc/>
    public Task<CancelResult> CancelAsync(string id, string? ownerKeyId, CancellationToken cancellationToken = default) => Engine.WriteAsync(async session =>
    {
        var job = await JobRow.LockAsync(session, id, ownerKeyId).ConfigureAwait(false);
        switch (job?.State)
        {
            case null:
                return new CancelResult(CancelOutcome.NotFound, null);
            case JobState.Queued:
                var canceled = await JobRow.ChangeAsync(session, id, EndedByOwner, JobEventKind.Canceled, CanceledError).ConfigureAwait(false);
                return new(CancelOutcome.Canceled, canceled);
            case JobState.Running:
                session.HintCancel(id);
                return new(CancelOutcome.Requested, job.CancelRequestedAt is not null ? job : await JobRow.ChangeAsync(session, id, AskedToStop, JobEventKind.CancelRequested).ConfigureAwait(false));
            case JobState.Canceled:
                return new(CancelOutcome.Canceled, job);
            default:
                return new(CancelOutcome.Finished, job);
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string id, string? ownerKeyId, CancellationToken cancellationToken = default) => Engine.WriteAsync(async session =>
    {
        if (await JobRow.LockAsync(session, id, ownerKeyId).ConfigureAwait(false) is not { } job) return false;
        const string hidden = $"deleted_at = {SqlDialect.Now}";
        var set = job.State switch
        {
            JobState.Queued => $"{hidden}, {EndedByOwner}",
            JobState.Running => $"{hidden}, {AskedToStop}",
            _ => hidden,
        };
        await JobRow.ChangeAsync(session, id, set, JobEventKind.Deleted, CanceledError).ConfigureAwait(false);
        if (job.State == JobState.Running) session.HintCancel(id);
        return true;
    }, cancellationToken);
}
