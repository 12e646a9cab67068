using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;
using XVideo.Service.Store;

namespace XVideo.Service.Engine;

/// <summary>Refuses what no worker has the memory for, before it waits in the queue for hours only to fail.</summary>
/// <remarks>
/// What workers have they tell the store, so this works in any process. While there is none, or one whose memory is not known, nothing is refused; and a
/// worker that is gone counts for a while longer, because it is most likely being restarted.
/// </remarks>
internal sealed class Admission(IJobStore store, ServedModel model, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RememberFor = TimeSpan.FromMinutes(10);
    private readonly Dictionary<DeviceCapacity, long> _known = [];
    private long? _lookedAt;
    private bool _isAnyUnknown;

    /// <summary>Compares a request with every worker.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellation">Ends the query.</param>
    /// <returns>What the worker with the most memory lacks, and what would fit there; <see langword="null"/>: it fits on one of them, or nobody can tell.</returns>
    /// <exception cref="JobStoreException">The store does not answer.</exception>
    public async Task<MemoryShortage?> CheckAsync(ResolvedRequest request, CancellationToken cancellation)
    {
        if (model.Memory is not { } forecast) return null;
        MemoryShortage? largest = null;
        foreach (var capacity in await CapacitiesAsync(cancellation))
        {
            if (forecast.Check(request, capacity) is not { } shortage) return null;
            if (largest is null || capacity.MemoryInBytes > largest.AvailableBytes) largest = shortage;
        }
        return largest;
    }

    private async Task<IReadOnlyList<DeviceCapacity>> CapacitiesAsync(CancellationToken cancellation)
    {
        var isDue = false;
        lock (_known)
        {
            var now = time.GetTimestamp();
            // While nobody can tell, every request asks: a worker that has just loaded its model counts at once.
            var isUnknown = _isAnyUnknown || _known.Count == 0;
            isDue = isUnknown || _lookedAt is not { } last || time.GetElapsedTime(last, now) >= LookEvery;
            // Only one of many that come at once; the others make do with what is known.
            if (isDue && !isUnknown) _lookedAt = now;
        }
        if (isDue) Learn(await store.ListWorkersAsync(cancellation));
        lock (_known) return _isAnyUnknown ? [] : [.. _known.Keys];
    }

    private void Learn(IReadOnlyList<WorkerInfo> workers)
    {
        lock (_known)
        {
            var now = time.GetTimestamp();
            _lookedAt = now;
            // A machine that died leaves its row behind.
            var alive = workers.Where(worker => time.GetUtcNow() - worker.LastSeenAt < RememberFor).ToArray();
            _isAnyUnknown = alive.Any(worker => worker.Capacity is null);
            foreach (var worker in alive)
                if (worker.Capacity is { } capacity) _known[capacity] = now;
            foreach (var (capacity, seenAt) in _known.ToArray())
                if (time.GetElapsedTime(seenAt, now) > RememberFor) _known.Remove(capacity);
        }
    }
}
