namespace XVideo.Service.Store.Sql;

/// <summary>Wakes one waiter per pulse. A pulse that nobody waits for is kept: work that arrives between a fruitless claim and the wait is not slept over.</summary>
internal sealed class WorkSignal
{
    // More than this many kept pulses would only make idle workers look for nothing.
    private const int MaxKept = 64;

    private readonly SemaphoreSlim pulses = new(0, MaxKept);

    public void Pulse()
    {
        try
        {
            pulses.Release();
        }
        catch (SemaphoreFullException)
        {
            // Enough waiters will be woken as it is.
        }
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => pulses.WaitAsync(atMost, cancellationToken);
}
