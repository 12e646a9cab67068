namespace XVideo.Service.Store;

/// <summary>
/// The durable queue of jobs, its keys and its workers. Execution is at least once, publication exactly once: every write of a worker carries the
/// epoch of its claim, and one whose epoch is no longer the job's changes nothing. When a task of this interface ends well, its effect is durable.
/// </summary>
/// <remarks>
/// All members may be called from many threads and, over several instances, from many processes. Every one may throw <see cref="JobStoreException"/>;
/// after <see cref="JobStoreProblem.Unavailable"/> it is unknown whether the effect took place, and calling again with the same arguments is safe.
/// </remarks>
public interface IJobStore : IAsyncDisposable
{
    /// <summary>Raised with a job's id when it should stop: a hint, from any process, that may be lost or repeated; the heartbeat's reply is the truth. Handlers must be quick and must not throw.</summary>
    event Action<string>? CancelHinted;

    /// <summary>Writes and reads a row, and checks that the tables are this program's version.</summary>
    Task ProbeAsync(CancellationToken cancellationToken = default);

    // ---- Owners: creating, reading, ending -------------------------------------------------------------------------

    /// <summary>Accepts a job, or says why not. Job, idempotency row and event are written together, and the queue's limits are counted under a lock.</summary>
    /// <param name="job">What is wanted.</param>
    /// <param name="maxQueued">How many jobs may wait in all; each key's own limit counts besides. Replays are not limited.</param>
    /// <param name="cancellationToken">Gives up waiting; a job that is being written may be there afterwards.</param>
    /// <exception cref="ArgumentException">The owner is not a key, or a field is out of its range.</exception>
    Task<CreateResult> CreateAsync(NewJob job, int maxQueued, CancellationToken cancellationToken = default);

    /// <summary>A job; <see langword="null"/> if it is unknown, deleted or another owner's.</summary>
    /// <param name="id">Of the job.</param>
    /// <param name="ownerKeyId">Only if it is this owner's; <see langword="null"/> for anybody's.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<Job?> GetAsync(string id, string? ownerKeyId, CancellationToken cancellationToken = default);

    /// <summary>A page of jobs; <see langword="null"/> if <see cref="JobQuery.After"/> names no job of that owner. A deleted one still marks its place until its row is purged.</summary>
    Task<JobPage?> ListAsync(JobQuery query, CancellationToken cancellationToken = default);

    /// <summary>Ends a queued job at once, and asks the worker of a running one. A job that has ended stays as it is.</summary>
    Task<CancelResult> CancelAsync(string id, string? ownerKeyId, CancellationToken cancellationToken = default);

    /// <summary>Hides a job at once and for good; a queued one is cancelled, the worker of a running one is asked to stop. Its artifacts go at the next <see cref="ExpireAsync"/>.</summary>
    /// <returns>False if it is unknown, another owner's, or was deleted before.</returns>
    Task<bool> DeleteAsync(string id, string? ownerKeyId, CancellationToken cancellationToken = default);

    /// <summary>The artifacts of a job that is not deleted, by variant; none before completion and after expiry.</summary>
    Task<IReadOnlyList<Artifact>> ListArtifactsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The job's events with a number above <paramref name="after"/>, in order.</summary>
    Task<IReadOnlyList<JobEvent>> ListEventsAsync(string id, long after = 0, CancellationToken cancellationToken = default);

    /// <summary>The job's attempts, in order.</summary>
    Task<IReadOnlyList<Attempt>> ListAttemptsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The queue at a glance.</summary>
    /// <param name="ownerKeyId">Counts only this owner's jobs (the mean times are everybody's); <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<QueueStatus> GetQueueStatusAsync(string? ownerKeyId = null, CancellationToken cancellationToken = default);

    /// <summary>Place in the queue, 1 for the next; <see langword="null"/> if the job is not queued.</summary>
    Task<int?> GetQueuePositionAsync(string id, CancellationToken cancellationToken = default);

    // ---- Workers: the lease ----------------------------------------------------------------------------------------

    /// <summary>
    /// Takes the next job: highest priority first, then oldest; not before its time after a failed attempt, and not while its owner's key has
    /// <see cref="ApiKey.MaxRunning"/> jobs running. Charges an attempt.
    /// </summary>
    /// <param name="workerId">Who takes it.</param>
    /// <param name="lease">How long the worker may be silent, more than 0.</param>
    /// <param name="cancellationToken">Gives up waiting; a job that was being taken comes back when its lease ends.</param>
    /// <returns><see langword="null"/> if there is nothing to do.</returns>
    Task<Lease?> ClaimAsync(string workerId, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>Waits until there may be something to claim: a job was queued (in any process), or <paramref name="atMost"/> has passed. Claim after it in either case.</summary>
    Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken = default);

    /// <summary>Extends a lease to <paramref name="lease"/> from now, and writes progress if there is any. Call with progress at most once a second.</summary>
    Task<HeartbeatReply> HeartbeatAsync(LeaseToken token, TimeSpan lease, JobProgress? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Completes the job with its artifacts, whose files are in place already.</summary>
    /// <param name="token">Of the lease.</param>
    /// <param name="artifacts">At least one, one per variant.</param>
    /// <param name="keepFor">How long the artifacts are kept; <see langword="null"/> for ever.</param>
    /// <param name="report">What it cost.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    Task<PublishOutcome> PublishAsync(LeaseToken token, IReadOnlyList<Artifact> artifacts, TimeSpan? keepFor, AttemptReport? report = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends an attempt that failed. A permanent failure, or the last allowed attempt: failed, with this error. A transient one: queued again after
    /// the failure's own delay or min(60 s, 2 s · 2^attempts), or cancelled if the owner asked meanwhile.
    /// </summary>
    /// <returns>The job's state now; <see langword="null"/> if the lease is lost and nothing changed.</returns>
    Task<JobState?> FailAsync(LeaseToken token, JobFailure failure, AttemptReport? report = null, CancellationToken cancellationToken = default);

    /// <summary>Gives a job back, uncharged, because the worker stops: queued again at once, or cancelled if the owner asked meanwhile.</summary>
    /// <returns>The job's state now; <see langword="null"/> if the lease is lost and nothing changed.</returns>
    Task<JobState?> ReleaseAsync(LeaseToken token, CancellationToken cancellationToken = default);

    /// <summary>Ends an attempt whose job was cancelled or deleted.</summary>
    /// <returns>False if the lease is lost or nobody asked; nothing changed then.</returns>
    Task<bool> FinishCanceledAsync(LeaseToken token, AttemptReport? report = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends every lease that ran out: cancelled if the owner asked, else queued again with the delay of <see cref="FailAsync"/>, else, with its attempts
    /// used up, failed with <c>worker_lost</c>.
    /// </summary>
    /// <returns>The jobs as they are now. With PostgreSQL none while another process is doing it.</returns>
    Task<IReadOnlyList<Job>> ReapAsync(CancellationToken cancellationToken = default);

    // ---- Workers: the processes ------------------------------------------------------------------------------------

    /// <summary>Makes a worker known.</summary>
    /// <exception cref="JobStoreException"><see cref="JobStoreProblem.OtherHost"/>: a SQLite file that a worker on another machine used within the last minute.</exception>
    Task RegisterWorkerAsync(WorkerInfo worker, CancellationToken cancellationToken = default);

    /// <summary>Says that a worker lives, and whether it takes more jobs. Every 10 s or so.</summary>
    /// <returns>False if it is not known.</returns>
    Task<bool> TouchWorkerAsync(string workerId, bool isDraining, CancellationToken cancellationToken = default);

    /// <summary>All known workers, by start.</summary>
    Task<IReadOnlyList<WorkerInfo>> ListWorkersAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets a worker that ended, by itself or not, and ends its leases at once as <see cref="ReapAsync"/> would. For a worker at its own end, and at the
    /// start for those of the same host whose boot id is another's or whose process is gone.
    /// </summary>
    /// <returns>The jobs it held, as they are now.</returns>
    Task<IReadOnlyList<Job>> RemoveWorkerAsync(string workerId, CancellationToken cancellationToken = default);

    // ---- Keys ------------------------------------------------------------------------------------------------------

    /// <summary>Adds a key.</summary>
    /// <exception cref="ArgumentException">Its id is taken, or a field is out of its range.</exception>
    Task AddKeyAsync(ApiKey key, CancellationToken cancellationToken = default);

    /// <summary>A key, revoked or not; <see langword="null"/> if there is none of this id. Compare hashes in constant time.</summary>
    Task<ApiKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken = default);

    /// <summary>All keys by creation, without <see cref="ApiKey.LocalId"/>.</summary>
    Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken = default);

    /// <summary>Refuses a key from now on. Its jobs go on.</summary>
    /// <returns>False if it is not known, was revoked before, or is <see cref="ApiKey.LocalId"/>.</returns>
    Task<bool> RevokeKeyAsync(string keyId, CancellationToken cancellationToken = default);

    /// <summary>Gives a key another secret. Its id, limits and jobs stay.</summary>
    /// <param name="keyId">Of the key.</param>
    /// <param name="secretHash">HMAC-SHA256 of the new secret, 32 bytes.</param>
    /// <param name="overlap">How long the secret of before is good too, 0 or more; one that was replaced earlier is refused at once.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>False if the key is not known, revoked, or <see cref="ApiKey.LocalId"/>.</returns>
    Task<bool> ReplaceSecretAsync(string keyId, byte[] secretHash, TimeSpan overlap, CancellationToken cancellationToken = default);

    /// <summary>Notes that a key was used; writes at most once a minute.</summary>
    Task TouchKeyAsync(string keyId, CancellationToken cancellationToken = default);

    /// <summary>What an owner has used today (UTC).</summary>
    Task<Usage> GetUsageAsync(string ownerKeyId, CancellationToken cancellationToken = default);

    // ---- Retention -------------------------------------------------------------------------------------------------

    /// <summary>Forgets the artifacts of expired and of deleted jobs. Remove the files afterwards; if that fails, <see cref="FindUnknownFilesAsync"/> finds them.</summary>
    /// <param name="limit">At most this many jobs, 1 or more.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>Their relative paths.</returns>
    Task<IReadOnlyList<string>> ExpireAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>Forgets artifacts of the longest completed jobs, as if they had expired, until they free so much.</summary>
    /// <param name="bytes">How much, more than 0.</param>
    /// <param name="minimumAge">Younger jobs keep theirs.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>Their relative paths; remove the files.</returns>
    Task<IReadOnlyList<string>> FreeSpaceAsync(long bytes, TimeSpan minimumAge, CancellationToken cancellationToken = default);

    /// <summary>Bytes of all artifacts together.</summary>
    Task<long> GetArtifactBytesAsync(CancellationToken cancellationToken = default);

    /// <summary>Those of these relative paths that belong to no artifact.</summary>
    Task<IReadOnlyList<string>> FindUnknownFilesAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken = default);

    /// <summary>Removes rows that nobody needs any more. A job goes, with its attempts and events, only when it has ended and has no artifacts left; nothing names its place in a list then.</summary>
    Task<PurgeCounts> PurgeAsync(RetentionPeriods periods, CancellationToken cancellationToken = default);
}
