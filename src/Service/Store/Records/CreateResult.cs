namespace XVideo.Service.Store;

/// <summary>The answer to a create.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Job">The new or the earlier job; <see langword="null"/> when nothing was created. A replayed job may have been deleted since.</param>
public sealed record CreateResult(CreateOutcome Outcome, Job? Job);
