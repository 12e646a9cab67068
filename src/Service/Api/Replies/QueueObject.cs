using XVideo.Service.Store;

namespace XVideo.Service.Api.Replies;

/// <summary>How busy the server is.</summary>
/// <param name="Depth">Jobs that wait, everybody's.</param>
/// <param name="Running">Jobs that run, everybody's.</param>
/// <param name="OldestAgeSeconds">How long the oldest waiting job waits; null when none waits.</param>
/// <param name="OwnQueued">Jobs of this API key that wait.</param>
/// <param name="OwnRunning">Jobs of this API key that run.</param>
/// <param name="MeanSecondsPerJob">Mean over the last jobs; null before the first.</param>
/// <param name="MeanSecondsPerCostUnit">The same for 10⁹ pixels · steps; null before the first.</param>
public sealed record QueueObject(
    int Depth, int Running, double? OldestAgeSeconds, int OwnQueued, int OwnRunning, double? MeanSecondsPerJob, double? MeanSecondsPerCostUnit)
{
    /// <summary>Always <c>queue</c>.</summary>
    public string Object { get; } = "queue";

    internal static QueueObject From(QueueStatus all, QueueStatus own, DateTimeOffset now) => new(
        all.Queued, all.Running, all.OldestQueuedAt is { } oldest ? Math.Max(0, Math.Round((now - oldest).TotalSeconds, 1)) : null, own.Queued, own.Running,
        Seconds(all.MeanJobTime), Seconds(all.MeanTimePerCostUnit));

    private static double? Seconds(TimeSpan? time) => time is { } value ? Math.Round(value.TotalSeconds, 3) : null;
}
