namespace XVideo.Service.Store;

/// <summary>The queue at a glance.</summary>
/// <param name="Queued">Jobs that wait.</param>
/// <param name="Running">Jobs that run.</param>
/// <param name="OldestQueuedAt">When the oldest waiting job was created; <see langword="null"/> if none waits.</param>
/// <param name="MeanJobTime">From first claim to publication, over the last 20 completed jobs; <see langword="null"/> if there are none.</param>
/// <param name="MeanTimePerCostUnit">The same per <see cref="Job.CostUnits"/>; <see langword="null"/> if these jobs cost nothing.</param>
public sealed record QueueStatus(int Queued, int Running, DateTimeOffset? OldestQueuedAt, TimeSpan? MeanJobTime, TimeSpan? MeanTimePerCostUnit);
