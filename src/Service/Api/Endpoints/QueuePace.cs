using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>How long jobs take, for those who ask when to come back. It is looked up now and then: every poll of a queued video asks, and the answer costs a walk through the queue.</summary>
internal sealed class QueuePace(IJobStore store)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);
    private readonly Lock _one = new();
    private Task<TimeSpan?>? _look;
    private long _at;

    /// <summary>Mean time of the last jobs, at most 2 s old; <see langword="null"/> if there are none.</summary>
    public Task<TimeSpan?> MeanJobTimeAsync()
    {
        lock (_one)
        {
            if (_look is { IsFaulted: false } && Environment.TickCount64 - _at < Remembered.TotalMilliseconds) return _look;
            _at = Environment.TickCount64;
            return _look = LookAsync();
        }
    }

    // Not with a caller's token: others wait for the same answer.
    private async Task<TimeSpan?> LookAsync() => (await store.GetQueueStatusAsync()).MeanJobTime;
}
