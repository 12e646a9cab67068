using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Takes jobs off the queue and carries them out, one at a time, until the process ends.</summary>
internal sealed partial class VideoWorker(
    IJobStore store, IVideoEngine engine, EngineThread thread, JobRunner runner, WorkerIdentity identity, ServiceOptions options, WorkerState state,
    IHostApplicationLifetime lifetime, ILogger<VideoWorker> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A server whose port is taken ends at once, and nothing was begun.
        if (!await HasStartedAsync(stoppingToken)) return;
        try
        {
            await identity.RegisterAsync(stoppingToken);
            await thread.RunAsync(() => { engine.Load(); return true; });
            state.IsLoaded = true;
            LogReady(engine.Model.Id, identity.Id);
            while (!stoppingToken.IsCancellationRequested) await TakeAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The usual end.
        }
        catch (Exception error)
        {
            // A service that throws ends the process with code 0, and nobody would start it again.
            LogEnded(error, error.Message);
            Environment.ExitCode = (int)Failure.From(error).Kind;
            lifetime.StopApplication();
        }
        finally
        {
            state.IsDraining = true;
            await identity.UnregisterAsync();
            await thread.RunAsync(() => { engine.Dispose(); return true; });
        }
    }

    private async Task<bool> HasStartedAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, lifetime.ApplicationStarted);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return lifetime.ApplicationStarted.IsCancellationRequested;
    }

    private async Task TakeAsync(CancellationToken stopping)
    {
        try
        {
            if (await store.ClaimAsync(identity.Id, options.Lease, stopping) is { } lease) await runner.RunAsync(lease, stopping);
            else await store.WaitForWorkAsync(LongestWait, stopping);
        }
        catch (JobStoreException error) when (error.Problem is JobStoreProblem.Unavailable or JobStoreProblem.DiskFull)
        {
            LogStoreAway(error);
            await Task.Delay(StorePause, stopping);
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "Model {Model} is loaded; {WorkerId} takes jobs")]
    private partial void LogReady(string model, string workerId);

    [LoggerMessage(3011, LogLevel.Critical, "The worker ends: {Reason}")]
    private partial void LogEnded(Exception error, string reason);

    [LoggerMessage(3012, LogLevel.Warning, "The store does not answer; trying again")]
    private partial void LogStoreAway(Exception error);
}
