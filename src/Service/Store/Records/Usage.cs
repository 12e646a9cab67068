namespace XVideo.Service.Store;

/// <summary>What an owner used on one day (UTC).</summary>
/// <param name="Jobs">Accepted.</param>
/// <param name="RunningTime">Of attempts that ended that day, however they ended.</param>
/// <param name="Bytes">Published.</param>
public sealed record Usage(long Jobs, TimeSpan RunningTime, long Bytes);
