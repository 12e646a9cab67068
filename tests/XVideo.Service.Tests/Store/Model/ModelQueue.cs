using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

/// <summary>The state machine again, in memory, as plainly as it can be written. Times are milliseconds of the bed's clock.</summary>
internal sealed class ModelQueue
{
    public const int MaxRunning = 2;

    // Short, so that histories reach beyond them.
    public const long KeepFor = 30_000, KeepRows = 60_000, KeepTombstones = 90_000;

    public List<ModelJob> Jobs { get; } = [];

    public long Now { get; set; }

    public ModelJob? Claim(long lease)
    {
        var busy = Jobs.Where(job => job.State == JobState.Running).GroupBy(job => job.Owner).Where(group => group.Count() >= MaxRunning).Select(group => group.Key).ToHashSet();
        var next = Jobs.Where(job => job.State == JobState.Queued && job.RunAfter <= Now && !busy.Contains(job.Owner)).OrderByDescending(job => job.Priority).ThenBy(job => job.Sequence).FirstOrDefault();
        if (next is null) return null;
        (next.State, next.RunAfter, next.LeaseEnd) = (JobState.Running, 0, Now + lease);
        next.Epoch++;
        next.Attempts++;
        return next;
    }

    public HeartbeatReply Heartbeat(LeaseToken token, long lease)
    {
        if (Held(token) is not { } job) return HeartbeatReply.Lost;
        job.LeaseEnd = Now + lease;
        return job.IsCancelRequested ? HeartbeatReply.CancelRequested : HeartbeatReply.Held;
    }

    public PublishOutcome Publish(LeaseToken token)
    {
        if (Jobs.Any(job => job.Id == token.JobId && job.ResultEpoch == token.Epoch)) return PublishOutcome.Published;
        if (Held(token) is not { } held) return PublishOutcome.Lost;
        if (held.IsCancelRequested) return PublishOutcome.CancelRequested;
        (held.ResultEpoch, held.HasFile, held.Expiry) = (token.Epoch, true, Now + KeepFor);
        End(held, JobState.Completed);
        return PublishOutcome.Published;
    }

    public JobState? Fail(LeaseToken token, bool isTransient)
    {
        if (Held(token) is not { } job) return null;
        if (!isTransient) End(job, JobState.Failed);
        else if (job.IsCancelRequested) End(job, JobState.Canceled);
        else Again(job);
        return job.State;
    }

    public JobState? Release(LeaseToken token)
    {
        if (Held(token) is not { } job) return null;
        if (job.IsCancelRequested)
        {
            End(job, JobState.Canceled);
            return job.State;
        }
        (job.State, job.RunAfter) = (JobState.Queued, 0);
        job.Attempts--;
        job.Releases++;
        return job.State;
    }

    public bool FinishCanceled(LeaseToken token)
    {
        if (Held(token) is not { IsCancelRequested: true } job) return false;
        End(job, JobState.Canceled);
        return true;
    }

    public List<string> Reap()
    {
        var over = Jobs.Where(job => job.State == JobState.Running && job.LeaseEnd < Now).ToList();
        foreach (var job in over)
        {
            if (job.IsCancelRequested) End(job, JobState.Canceled);
            else Again(job);
        }
        return [.. over.Select(job => job.Id)];
    }

    public CancelOutcome Cancel(ModelJob job)
    {
        if (job.IsDeleted) return CancelOutcome.NotFound;
        if (job.State is JobState.Completed or JobState.Failed) return CancelOutcome.Finished;
        if (job.State == JobState.Queued) End(job, JobState.Canceled);
        if (job.State == JobState.Canceled) return CancelOutcome.Canceled;
        job.IsCancelRequested = true;
        return CancelOutcome.Requested;
    }

    public bool Delete(ModelJob job)
    {
        if (job.IsDeleted) return false;
        job.DeletedAt = Now;
        if (job.State == JobState.Queued) End(job, JobState.Canceled);
        else if (job.State == JobState.Running) job.IsCancelRequested = true;
        return true;
    }

    public void Tidy()
    {
        foreach (var job in Jobs.Where(job => job.HasFile && (job.IsDeleted || job.Expiry <= Now))) (job.HasFile, job.Expiry) = (false, Math.Min(job.Expiry!.Value, Now));
        Jobs.RemoveAll(job => job.IsFinal && !job.HasFile && (job.IsDeleted ? job.DeletedAt <= Now - KeepTombstones : Math.Max(job.End!.Value, job.Expiry ?? 0) <= Now - KeepRows));
    }

    /// <summary>What an owner sees behind one of its jobs, newest first; <see langword="null"/> if that job has no place any more.</summary>
    public IReadOnlyList<string>? After(string owner, string id) => Jobs.SingleOrDefault(job => job.Id == id) is not { } place ? null
        : [.. Jobs.Where(job => job.Owner == owner && !job.IsDeleted && job.Sequence < place.Sequence).OrderByDescending(job => job.Sequence).Select(job => job.Id)];

    private ModelJob? Held(LeaseToken token) => Jobs.SingleOrDefault(job => job.Id == token.JobId && job.Epoch == token.Epoch && job.State == JobState.Running);

    private void Again(ModelJob job)
    {
        if (job.Attempts == job.MaxAttempts) End(job, JobState.Failed);
        else (job.State, job.RunAfter) = (JobState.Queued, Now + Math.Min(60_000, 2_000 * (1L << job.Attempts)));
    }

    private void End(ModelJob job, JobState state) => (job.State, job.End) = (state, Now);
}
