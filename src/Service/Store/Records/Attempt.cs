namespace XVideo.Service.Store;

/// <summary>One worker's try at a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">Of the claim.</param>
/// <param name="WorkerId">Who tried.</param>
/// <param name="StartedAt">When it was claimed.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/> while it runs.</param>
/// <param name="Outcome">How it ended; <see langword="null"/> while it runs.</param>
/// <param name="ErrorCode">Of a failed one.</param>
/// <param name="Report">What it cost; <see langword="null"/> when the worker said nothing.</param>
public sealed record Attempt(
    string JobId, long Epoch, string WorkerId, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, AttemptOutcome? Outcome, string? ErrorCode, AttemptReport? Report);
