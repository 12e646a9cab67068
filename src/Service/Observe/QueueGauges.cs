using System.Diagnostics.Metrics;
using XVideo.Service.Store;

namespace XVideo.Service.Observe;

/// <summary>How full the queue is, as metrics. The store is asked at most once in three seconds, however often they are collected; while it is away there are no values.</summary>
internal sealed class QueueGauges
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly IJobStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _one = new();
    private (QueueStatus Queue, int Workers)? _last;
    private long? _askedAt;

    public QueueGauges(IMeterFactory factory, IJobStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        var meter = factory.Create(ServiceTelemetry.MeterName);
        meter.CreateObservableGauge("videogen.queue.depth", () => Read<long>((queue, _) => queue.Queued), "{job}", "Videos that wait, of all processes on this queue");
        meter.CreateObservableGauge("videogen.queue.running", () => Read<long>((queue, _) => queue.Running), "{job}", "Videos that are being made, of all processes on this queue");
        meter.CreateObservableGauge("videogen.queue.oldest_age", () => Read((queue, _) => Age(queue)), "s", "How long the oldest waiting video has waited; 0 when none waits");
        meter.CreateObservableGauge("videogen.workers", () => Read<long>((_, workers) => workers), "{worker}", "Workers on this queue that take jobs");
    }

    // Collectors call on threads of their own, which may wait.
    private IEnumerable<Measurement<T>> Read<T>(Func<QueueStatus, int, T> value)
        where T : struct
    {
        lock (_one)
        {
            if (_askedAt is not { } at || _time.GetElapsedTime(at) >= Remembered) Ask();
            return _last is { } last ? [new Measurement<T>(value(last.Queue, last.Workers))] : [];
        }
    }

    private void Ask()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            _last = Task.Run(() => AskAsync(limit.Token)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is JobStoreException or OperationCanceledException or ObjectDisposedException)
        {
            _last = null;
        }
        _askedAt = _time.GetTimestamp();
    }

    private async Task<(QueueStatus Queue, int Workers)> AskAsync(CancellationToken cancellation) =>
        (await _store.GetQueueStatusAsync(null, cancellation), (await _store.ListWorkersAsync(cancellation)).Count(worker => !worker.IsDraining));

    private double Age(QueueStatus queue) => queue.OldestQueuedAt is { } oldest ? Math.Max(0, (_time.GetUtcNow() - oldest).TotalSeconds) : 0;
}
