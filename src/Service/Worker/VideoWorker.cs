using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Takes jobs off the queue and carries them out, one at a time, until the process ends.</summary>
/// <remarks>Its end comes before everything else's: while the job that runs is finished or put back, the API still answers.</remarks>
internal sealed partial class VideoWorker(
    IJobStore store, IVideoEngine engine, EngineThread thread, JobRunner runner, WorkerIdentity identity, JobFiles files, ServiceOptions options, WorkerState state,
    IHostApplicationLifetime lifetime, ILogger<VideoWorker> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _drain = new();
    private bool _waitsForDisk;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no more jobs, and waits for the end of the one that runs. The host calls it before it stops anything, the API included.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.IsDraining = true;
        await _drain.CancelAsync();
        if (ExecuteTask is { } work) await work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _drain.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _drain.Token);
        await WorkAsync(either.Token);
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        // A server whose port is taken ends at once, and nothing was begun.
        if (!await HasStartedAsync(stopping)) return;
        try
        {
            await identity.RegisterAsync(stopping);
            await identity.TellCapacityAsync(await thread.RunAsync(() => { engine.Load(); return engine.Capacity; }), stopping);
            state.IsLoaded = true;
            LogReady(engine.Model.Id, identity.Id);
            while (!stopping.IsCancellationRequested) await TakeAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
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
            if (!HasRoom()) await Task.Delay(DiskPause, stopping);
            else if (await store.ClaimAsync(identity.Id, options.Lease, stopping) is { } lease) await runner.RunAsync(lease, stopping);
            else await store.WaitForWorkAsync(LongestWait, stopping);
        }
        catch (JobStoreException error) when (error.Problem is JobStoreProblem.Unavailable or JobStoreProblem.DiskFull)
        {
            LogStoreAway(error);
            await Task.Delay(StorePause, stopping);
        }
        catch (IOException error)
        {
            LogDiskAway(error);
            await Task.Delay(DiskPause, stopping);
        }
    }

    // A job would fail in the end, after all its work.
    private bool HasRoom()
    {
        var hasRoom = files.FreeBytes >= options.MinimumFreeBytes;
        if (!hasRoom && !_waitsForDisk) LogDiskFull(files.FreeBytes >> 20, options.MinimumFreeBytes >> 20);
        _waitsForDisk = !hasRoom;
        return hasRoom;
    }

    [LoggerMessage(3015, LogLevel.Warning, "The folder of the videos cannot be read; trying again")]
    private partial void LogDiskAway(Exception error);

    [LoggerMessage(3014, LogLevel.Warning, "The disk of the videos has {FreeMiB} MiB left and needs {NeededMiB}: no job is taken until there is space")]
    private partial void LogDiskFull(long freeMiB, long neededMiB);

    [LoggerMessage(3010, LogLevel.Information, "Model {Model} is loaded; {WorkerId} takes jobs")]
    private partial void LogReady(string model, string workerId);

    [LoggerMessage(3011, LogLevel.Critical, "The worker ends: {Reason}")]
    private partial void LogEnded(Exception error, string reason);

    [LoggerMessage(3012, LogLevel.Warning, "The store does not answer; trying again")]
    private partial void LogStoreAway(Exception error);
}
