namespace XVideo.Service.Store.Sql;

/// <summary>What the end of an attempt does to its job: the rows of the state machine that leave <see cref="JobState.Running"/>.</summary>
/// <param name="State">The job's next state.</param>
/// <param name="Event">What happened to the job.</param>
/// <param name="Outcome">What happened to the attempt.</param>
/// <param name="ErrorCode">The job's error, and the attempt's.</param>
/// <param name="ErrorMessage">The job's.</param>
/// <param name="Delay">Until the job may be claimed again.</param>
/// <param name="IsCharged">Whether the attempt counts.</param>
internal sealed record AttemptEnd(
    JobState State, JobEventKind Event, AttemptOutcome Outcome, string? ErrorCode = null, string? ErrorMessage = null, TimeSpan Delay = default, bool IsCharged = true)
{
    /// <summary>No failed attempt delays the next one by more.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    private const int MaxMessage = 500;
    private const string WorkerLost = "worker_lost";

    /// <summary>Why the attempt failed or was lost; <see langword="null"/> if it did neither.</summary>
    public string? AttemptError => Outcome switch
    {
        AttemptOutcome.Failed => ErrorCode,
        AttemptOutcome.Lost => WorkerLost,
        _ => null,
    };

    public static readonly AttemptEnd Published = new(JobState.Completed, JobEventKind.Published, AttemptOutcome.Completed);

    public static readonly AttemptEnd Canceled = new(JobState.Canceled, JobEventKind.Canceled, AttemptOutcome.Canceled, "canceled", "The job was canceled.");

    public static AttemptEnd Released(Job job) =>
        job.CancelRequestedAt is not null ? Canceled : new(JobState.Queued, JobEventKind.Released, AttemptOutcome.Released, IsCharged: false);

    public static AttemptEnd Lost(Job job) =>
        job.CancelRequestedAt is not null ? Canceled with { Outcome = AttemptOutcome.Lost }
        : job.Attempts < job.MaxAttempts ? new(JobState.Queued, JobEventKind.Lost, AttemptOutcome.Lost, Delay: DelayAfter(job.Attempts))
        : new(JobState.Failed, JobEventKind.Failed, AttemptOutcome.Lost, WorkerLost, $"The worker was lost in attempt {job.Attempts} of {job.MaxAttempts}.");

    public static AttemptEnd Failed(Job job, JobFailure failure)
    {
        var (code, message) = (failure.Code, Cut(failure.Message));
        return !failure.IsTransient ? Failure()
            : job.CancelRequestedAt is not null ? Canceled
            : job.Attempts < job.MaxAttempts ? new(JobState.Queued, JobEventKind.Retried, AttemptOutcome.Failed, code, Delay: Bounded(failure.Delay ?? DelayAfter(job.Attempts)))
            : Failure();

        AttemptEnd Failure() => new(JobState.Failed, JobEventKind.Failed, AttemptOutcome.Failed, code, message);
    }

    /// <summary>min(60 s, 2 s · 2^attempts).</summary>
    public static TimeSpan DelayAfter(int attempts) => Bounded(TimeSpan.FromSeconds(2 * Math.Pow(2, attempts)));

    private static TimeSpan Bounded(TimeSpan delay) => delay < MaxDelay ? delay : MaxDelay;

    // Never between the two halves of a character.
    private static string Cut(string message) => message.Length <= MaxMessage ? message
        : message[..(char.IsHighSurrogate(message[MaxMessage - 1]) ? MaxMessage - 1 : MaxMessage)];
}
