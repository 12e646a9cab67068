namespace XVideo.Service.Store;

/// <summary>Rows that were removed.</summary>
/// <param name="Jobs">Deleted or finished long ago, with everything of theirs.</param>
/// <param name="Events">Of jobs that ended long ago.</param>
/// <param name="IdempotencyKeys">Older than 24 hours.</param>
/// <param name="Workers">Not heard of for long.</param>
public sealed record PurgeCounts(int Jobs, int Events, int IdempotencyKeys, int Workers);
