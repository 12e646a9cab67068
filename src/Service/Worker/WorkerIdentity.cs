using System.Diagnostics;
using XVideo.Pipeline;
using XVideo.Pipeline.Memory;
using XVideo.Service.Observe;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Who this worker is, and that it lives.</summary>
internal sealed class WorkerIdentity(IJobStore store, WorkerState state, ServiceMetrics metrics)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly WorkerInfo _self = new(
        $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..8]}", Environment.MachineName, MachineBoot.Id, Environment.ProcessId,
        Environment.MachineName, VideoPipeline.Version);

    private Timer? _timer;

    /// <summary>Unique per start of the process.</summary>
    public string Id => _self.WorkerId;

    /// <summary>Makes this worker known, and ends what workers of this machine that are gone still hold: no need to wait for their leases.</summary>
    /// <exception cref="JobStoreException">The store is another machine's, or away.</exception>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        await store.RegisterWorkerAsync(_self, cancellation);
        foreach (var other in await store.ListWorkersAsync(cancellation))
        {
            if (other.WorkerId == Id || other.Host != _self.Host || !IsGone(other)) continue;
            foreach (var job in await store.RemoveWorkerAsync(other.WorkerId, cancellation)) metrics.Reaped(job);
        }
        _timer = new Timer(_ => _ = TouchAsync(), null, Interval, Interval);
    }

    /// <summary>Tells what it computes with.</summary>
    /// <param name="capacity">Of its engine; <see langword="null"/>: it cannot tell.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JobStoreException">The store is away.</exception>
    public Task TellCapacityAsync(DeviceCapacity? capacity, CancellationToken cancellation) => capacity is null
        ? Task.CompletedTask
        : store.RegisterWorkerAsync(_self with { Device = capacity.Device, Capacity = capacity }, cancellation);

    /// <summary>Says goodbye; a store that is away finds out by itself.</summary>
    public async Task UnregisterAsync()
    {
        if (_timer is not null) await _timer.DisposeAsync();
        try
        {
            await store.RemoveWorkerAsync(Id);
        }
        catch (JobStoreException)
        {
            // The process ends either way; leases run out.
        }
    }

    private async Task TouchAsync()
    {
        try
        {
            await store.TouchWorkerAsync(Id, state.IsDraining);
        }
        catch (JobStoreException)
        {
            // The next one may get through; the leases have their own sign of life.
        }
    }

    private bool IsGone(WorkerInfo other)
    {
        if (other.BootId != _self.BootId) return true;
        try
        {
            using var process = Process.GetProcessById(other.ProcessId);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
