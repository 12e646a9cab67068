namespace XVideo.Service.Store;

/// <summary>The fencing pair that every write of a worker carries. Once the job has been given to somebody else, writes with it change nothing.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">Of the claim.</param>
public readonly record struct LeaseToken(string JobId, long Epoch);
