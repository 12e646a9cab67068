namespace XVideo.Service.Store;

/// <summary>One row of the queue. Times are UTC, in whole milliseconds.</summary>
public sealed record Job
{
    /// <summary>Place in the order of creation: ascending, never used twice.</summary>
    public required long Sequence { get; init; }

    /// <summary>See <see cref="JobId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is: the id of an <see cref="ApiKey"/>.</summary>
    public required string OwnerKeyId { get; init; }

    /// <summary>Where it is.</summary>
    public required JobState State { get; init; }

    /// <summary>Higher goes first; 0 unless an operator says otherwise.</summary>
    public required int Priority { get; init; }

    /// <summary>While queued: not to be claimed before this time. <see langword="null"/>: at once.</summary>
    public required DateTimeOffset? RunAfter { get; init; }

    /// <summary>Attempts charged so far, the running one included. A released attempt is not charged.</summary>
    public required int Attempts { get; init; }

    /// <summary>After this many attempts a lost or transiently failed job is given up.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>The fencing token: one more at every claim; 0 before the first.</summary>
    public required long Epoch { get; init; }

    /// <summary>The worker that runs it; <see langword="null"/> in every state but <see cref="JobState.Running"/>.</summary>
    public required string? WorkerId { get; init; }

    /// <summary>When its owner asked for the end of the running attempt; <see langword="null"/> if nobody did.</summary>
    public required DateTimeOffset? CancelRequestedAt { get; init; }

    /// <summary>When it was deleted: hidden from its owner since. <see langword="null"/> if it was not.</summary>
    public required DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The served model's id.</summary>
    public required string Model { get; init; }

    /// <summary>The prompt as sent.</summary>
    public required string Prompt { get; init; }

    /// <summary>The complete resolved request as JSON, exactly the text that was stored.</summary>
    public required string Parameters { get; init; }

    /// <summary>SHA-256 of the request as sent, 32 bytes.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The resolved seed, 0…2⁵³−1.</summary>
    public required long Seed { get; init; }

    /// <summary>Predicted cost, in pixels · frames · steps / 10⁹.</summary>
    public required long CostUnits { get; init; }

    /// <summary>Whether the model does not see the end of the prompt; <see langword="null"/> when nobody looked.</summary>
    public required bool? IsPromptTruncated { get; init; }

    /// <summary>Words of the prompt that the model does not know; <see langword="null"/> when nobody looked.</summary>
    public required IReadOnlyList<string>? UnknownWords { get; init; }

    /// <summary>What the worker is doing.</summary>
    public required JobPhase Phase { get; init; }

    /// <summary>Steps done in this attempt.</summary>
    public required int Step { get; init; }

    /// <summary>Steps in all; 0 until the worker has said so.</summary>
    public required int StepsTotal { get; init; }

    /// <summary>Percent, 0…100; never falls within one attempt, 0 when queued again, 100 only when completed.</summary>
    public required int Progress { get; init; }

    /// <summary>The worker's estimate of the time left, at its last report.</summary>
    public required TimeSpan? Eta { get; init; }

    /// <summary>Why it failed or was cancelled, for programs; <see langword="null"/> unless it did.</summary>
    public required string? ErrorCode { get; init; }

    /// <summary>Why it failed, for people; at most 500 characters.</summary>
    public required string? ErrorMessage { get; init; }

    /// <summary>Why its last failed or lost attempt ended, for programs, whatever came after it; <see langword="null"/> if none did.</summary>
    public required string? AttemptError { get; init; }

    /// <summary>Peak memory of the last attempt that told; <see langword="null"/> if none did.</summary>
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>The job this is a remix of.</summary>
    public required string? RemixedFrom { get; init; }

    /// <summary>W3C trace context of the request that created it.</summary>
    public required string? TraceParent { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its first attempt began.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it reached a final state.</summary>
    public required DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When its artifacts may be removed; <see langword="null"/> before completion, or for ever.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The epoch that published; <see langword="null"/> until completed.</summary>
    public required long? ResultEpoch { get; init; }

    /// <summary>Number of the job's last <see cref="JobEvent"/>: grows by one with each.</summary>
    public required long LastEvent { get; init; }
}
