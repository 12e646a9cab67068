using Microsoft.Extensions.Logging;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>
/// Keeps the lease of one running job: shows on a timer of its own, however long a step takes, that the worker lives; writes progress; and learns that the
/// job is to end. Without an answer for two thirds of the lease it gives the job up, before another worker can have it.
/// </summary>
internal sealed partial class LeaseKeeper : IAsyncDisposable
{
    private readonly IJobStore _store;
    private readonly LeaseToken _token;
    private readonly ServiceOptions _options;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Task _loop;
    private JobProgress? _progress;
    private long _drainAt = long.MaxValue;
    private int _reason = -1;

    public LeaseKeeper(IJobStore store, LeaseToken token, ServiceOptions options, ILogger log)
    {
        (_store, _token, _options, _log) = (store, token, options, log);
        _store.CancelHinted += Wake;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Cancelled when the attempt is to end.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why it is to end: the first reason there was.</summary>
    public StopReason? Reason => Volatile.Read(ref _reason) is >= 0 and var reason ? (StopReason)reason : null;

    /// <summary>Notes progress, to be written with the next sign of life.</summary>
    public void Report(JobProgress progress) => Volatile.Write(ref _progress, progress);

    /// <summary>Ends the attempt.</summary>
    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, -1) == -1) _stop.Cancel();
    }

    /// <summary>Ends the attempt because the process ends, unless it has ended by then.</summary>
    /// <param name="limit">From now; looked at with every sign of life.</param>
    public void DrainWithin(TimeSpan limit) => Volatile.Write(ref _drainAt, Environment.TickCount64 + (long)limit.TotalMilliseconds);

    /// <summary>Lets the lease run on by itself; the job's last write follows.</summary>
    public async ValueTask DisposeAsync()
    {
        _store.CancelHinted -= Wake;
        await _end.CancelAsync();
        await _loop;
        _stop.Dispose();
        _end.Dispose();
    }

    private void Wake(string jobId)
    {
        if (jobId == _token.JobId) _wake.Release();
    }

    private async Task LoopAsync()
    {
        var heardAt = Environment.TickCount64;
        JobProgress? written = null;
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_options.Heartbeat, _end.Token);
                if (Environment.TickCount64 >= Volatile.Read(ref _drainAt)) Stop(StopReason.Draining);
                try
                {
                    var progress = Volatile.Read(ref _progress);
                    var reply = await _store.HeartbeatAsync(_token, _options.Lease, ReferenceEquals(progress, written) ? null : progress, _end.Token);
                    (heardAt, written) = (Environment.TickCount64, progress);
                    if (reply == HeartbeatReply.CancelRequested) Stop(StopReason.Canceled);
                    if (reply == HeartbeatReply.Lost) Stop(StopReason.Lost);
                }
                catch (JobStoreException error)
                {
                    LogSilent(error, _token.JobId, _token.Epoch);
                    if (Environment.TickCount64 - heardAt > _options.Lease.TotalMilliseconds * 2 / 3) Stop(StopReason.Lost);
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The attempt is over.
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "Job {JobId} ({Epoch}): the store did not take a sign of life")]
    private partial void LogSilent(Exception error, string jobId, long epoch);
}
