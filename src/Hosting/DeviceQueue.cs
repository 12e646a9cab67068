using System.Collections.Concurrent;

namespace XVideo.Hosting;

/// <summary>Lets one generation at a time onto each device, in the order in which they came, whichever generator they are of.</summary>
internal sealed class DeviceQueue
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _devices = new();

    /// <summary>Waits for a device; it is free again when the result is disposed.</summary>
    /// <param name="device">For example <c>cuda:0</c>.</param>
    /// <param name="waits">Called if it is taken.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IDisposable> EnterAsync(string device, Action waits, CancellationToken cancellation)
    {
        var place = _devices.GetOrAdd(device, _ => new SemaphoreSlim(1));
        var entered = place.WaitAsync(cancellation);
        if (!entered.IsCompleted) waits();
        await entered.ConfigureAwait(false);
        return new Place(place);
    }

    private sealed class Place(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
