using System.Text.Json;
using Microsoft.Extensions.Logging;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Carries out one claimed job, to its end or to the end of the process.</summary>
internal sealed partial class JobRunner(
    IJobStore store, IVideoEngine engine, EngineThread thread, JobFiles files, Publisher publisher, ServiceOptions options, ILogger<JobRunner> log)
{
    /// <summary>Runs until the job is published, failed, cancelled, given back or lost.</summary>
    /// <param name="lease">The claim.</param>
    /// <param name="stopping">The process ends.</param>
    public async Task RunAsync(Lease lease, CancellationToken stopping)
    {
        var (job, token) = (lease.Job, lease.Token);
        using var scope = log.BeginScope(new Dictionary<string, object> { ["job_id"] = token.JobId, ["epoch"] = token.Epoch });
        LogStarted(token.JobId, token.Epoch, job.Attempts, job.MaxAttempts);
        try
        {
            await using var keeper = new LeaseKeeper(store, token, options, log);
            var progress = new Sink(keeper);
            using var drain = stopping.Register(() => Drain(keeper, progress));
            await EndAsync(token, await TryAsync(job, token, keeper, progress));
        }
        catch (JobStoreException error)
        {
            // How the attempt ended could not be written. Its lease runs out, and then another attempt is made.
            LogEndUnknown(error, token.JobId, token.Epoch);
        }
        finally
        {
            Remove(token, () => files.RemoveTemporaries(token));
        }
    }

    private async Task<AttemptEnd> TryAsync(Job job, LeaseToken token, LeaseKeeper keeper, Sink progress)
    {
        try
        {
            var model = engine.Model;
            var request = RequestValidator.Resolve(FrozenRequest.Read(job.Parameters), model.Defaults, model.Limits);
            var work = new EngineJob(request, publisher.OutputPath(token), files.PreviewFolder(token), files.TakeOverCheckpoint(token));
            var result = await thread.RunAsync(() => engine.Generate(work, progress, keeper.Stopped));
            keeper.Report(ProgressScale.Publishing);
            return AttemptEnd.Of(await publisher.PublishAsync(token, (request.Width, request.Height), Report(result), keeper.Stopped));
        }
        catch (Exception error) when (keeper.Reason is not null && error is not JobStoreException)
        {
            // However the engine put it: it was told to stop.
            return AttemptEnd.Of(keeper.Reason.Value);
        }
        catch (Exception error) when (error is not JobStoreException)
        {
            LogFailed(error, token.JobId, token.Epoch);
            return new AttemptEnd(null, JobFailures.From(error));
        }
    }

    private async Task EndAsync(LeaseToken token, AttemptEnd end)
    {
        if (end.Failure is { } failure)
        {
            var now = await store.FailAsync(token, failure, cancellationToken: CancellationToken.None);
            if (now is not (null or JobState.Queued)) Remove(token, () => files.RemoveCheckpoints(token.JobId));
            LogEnded(token.JobId, token.Epoch, now?.ToString() ?? "lost", failure.Code);
            return;
        }
        switch (end.Reason)
        {
            case StopReason.Canceled:
                await store.FinishCanceledAsync(token, cancellationToken: CancellationToken.None);
                break;
            case StopReason.Draining:
                await store.ReleaseAsync(token, CancellationToken.None);
                break;
        }
        // Completed or cancelled; after a release or a lost lease another attempt goes on from there.
        if (end.Reason is null or StopReason.Canceled) Remove(token, () => files.RemoveCheckpoints(token.JobId));
        LogEnded(token.JobId, token.Epoch, end.Reason?.ToString() ?? "Completed", "");
    }

    // A job that is nearly done is worth waiting for.
    private void Drain(LeaseKeeper keeper, Sink progress)
    {
        if (progress.Remaining is not { } left || left > options.DrainTimeout) keeper.Stop(StopReason.Draining);
        else LogFinishing(left.TotalSeconds);
    }

    private static AttemptReport Report(EngineResult result)
    {
        var timings = result.Stages.GroupBy(stage => stage.Stage).ToDictionary(group => group.Key.Replace(' ', '_'), group => Math.Round(group.Sum(stage => stage.Duration.TotalSeconds), 3));
        return new AttemptReport(result.PeakMemoryInBytes, JsonSerializer.Serialize(timings));
    }

    private void Remove(LeaseToken token, Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The sweeper tries again.
            LogNotRemoved(error, token.JobId, token.Epoch);
        }
    }

    // How an attempt ended: both null means completed.
    private sealed record AttemptEnd(StopReason? Reason, JobFailure? Failure)
    {
        public static AttemptEnd Of(StopReason reason) => new(reason, null);

        public static AttemptEnd Of(PublishOutcome outcome) => outcome switch
        {
            PublishOutcome.Published => new(null, null),
            PublishOutcome.CancelRequested => Of(StopReason.Canceled),
            _ => Of(StopReason.Lost),
        };
    }

    private sealed class Sink(LeaseKeeper keeper) : IProgress<GenerationProgress>
    {
        private long _remainingTicks = -1;

        public TimeSpan? Remaining => Volatile.Read(ref _remainingTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

        public void Report(GenerationProgress value)
        {
            Volatile.Write(ref _remainingTicks, value.Remaining?.Ticks ?? -1);
            keeper.Report(ProgressScale.From(value));
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Job {JobId} ({Epoch}) began, attempt {Attempt} of {MaxAttempts}")]
    private partial void LogStarted(string jobId, long epoch, int attempt, int maxAttempts);

    [LoggerMessage(3002, LogLevel.Information, "Job {JobId} ({Epoch}) ended: {Outcome} {Code}")]
    private partial void LogEnded(string jobId, long epoch, string outcome, string code);

    [LoggerMessage(3006, LogLevel.Error, "Job {JobId} ({Epoch}): the attempt failed")]
    private partial void LogFailed(Exception error, string jobId, long epoch);

    [LoggerMessage(3007, LogLevel.Error, "Job {JobId} ({Epoch}): the store did not take how the attempt ended; its lease will run out")]
    private partial void LogEndUnknown(Exception error, string jobId, long epoch);

    [LoggerMessage(3008, LogLevel.Information, "Stopping after the job that runs, which needs about {Seconds:0} s more")]
    private partial void LogFinishing(double seconds);

    [LoggerMessage(3009, LogLevel.Warning, "Job {JobId} ({Epoch}): what it left in the making could not be removed; it is tried again later")]
    private partial void LogNotRemoved(Exception error, string jobId, long epoch);
}
