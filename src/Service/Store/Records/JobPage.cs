namespace XVideo.Service.Store;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">In the order asked for.</param>
/// <param name="HasMore">Whether more follow. False for an empty page.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, bool HasMore);
