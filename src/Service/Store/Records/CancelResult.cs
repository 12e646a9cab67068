namespace XVideo.Service.Store;

/// <summary>The answer to a cancel.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Job">The job as it is now; <see langword="null"/> when there is none.</param>
public sealed record CancelResult(CancelOutcome Outcome, Job? Job);
