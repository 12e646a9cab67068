namespace XVideo.Service.Store;

/// <summary>One change of a job's status, in order. Progress makes no events.</summary>
/// <param name="Number">1, 2, 3 … within the job.</param>
/// <param name="Kind">What happened.</param>
/// <param name="State">The job's state after it.</param>
/// <param name="Epoch">The job's epoch after it.</param>
/// <param name="CreatedAt">When.</param>
public sealed record JobEvent(long Number, JobEventKind Kind, JobState State, long Epoch, DateTimeOffset CreatedAt);
