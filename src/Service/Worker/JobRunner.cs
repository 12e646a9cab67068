using System.Text.Json;
using Microsoft.Extensions.Logging;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Observe;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Carries out one claimed job, to its end or to the end of the process.</summary>
internal sealed partial class JobRunner(
    IJobStore store, IVideoEngine engine, EngineThread thread, JobFiles files, Publisher publisher, ServiceOptions options, WorkerIdentity identity, WorkerState state,
    ServiceMetrics metrics, TimeProvider time, EndProcess endProcess, ILogger<JobRunner> log)
{
    /// <summary>Runs until the job is published, failed, cancelled, given back or lost.</summary>
    /// <param name="lease">The claim.</param>
    /// <param name="stopping">The process ends.</param>
    public async Task RunAsync(Lease lease, CancellationToken stopping)
    {
        var (job, token) = (lease.Job, lease.Token);
        using var scope = log.BeginScope(LogScope.Attempt(token.JobId, token.Epoch, identity.Id, job.OwnerKeyId));
        using var telemetry = new AttemptTelemetry(job, metrics, time);
        var isStuck = false;
        state.JobId = token.JobId;
        LogStarted(token.JobId, token.Epoch, job.Attempts, job.MaxAttempts);
        try
        {
            await using var keeper = new LeaseKeeper(store, token, options, log);
            var progress = new Sink(keeper, new ProgressWatch(options, state, time), telemetry);
            using var drain = stopping.Register(() => Drain(keeper, progress));
            var end = await TryAsync(job, token, keeper, progress);
            isStuck = end.IsStuck;
            await EndAsync(token, end, telemetry);
        }
        catch (JobStoreException error)
        {
            // How the attempt ended could not be written. Its lease runs out, and then another attempt is made.
            LogEndUnknown(error, token.JobId, token.Epoch);
            telemetry.Ended(AttemptOutcome.Lost, null);
        }
        finally
        {
            state.JobId = null;
            if (isStuck) Abandon(token);
            else Remove(token, () => files.RemoveTemporaries(token));
        }
    }

    private async Task<AttemptEnd> TryAsync(Job job, LeaseToken token, LeaseKeeper keeper, Sink progress)
    {
        try
        {
            var model = engine.Model;
            var request = RequestValidator.Resolve(FrozenRequest.Read(job.Parameters), model.Defaults, model.Limits);
            var work = new EngineJob(request, publisher.OutputPath(token), files.PreviewFolder(token), files.TakeOverCheckpoint(token));
            progress.Telemetry.Began(request);
            var making = thread.RunAsync(() => engine.Generate(work, progress, keeper.Stopped));
            if (!await progress.Watch.EndsAsync(making, keeper)) return AttemptEnd.Of(keeper.Reason ?? StopReason.Stalled) with { IsStuck = true };
            var result = await making;
            keeper.Report(ProgressScale.Publishing);
            progress.Telemetry.Publishing();
            var outcome = await publisher.PublishAsync(token, (request.Width, request.Height), Report(result), keeper.Stopped);
            if (outcome == PublishOutcome.Published) progress.Telemetry.Made(result);
            return AttemptEnd.Of(outcome);
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

    private async Task EndAsync(LeaseToken token, AttemptEnd end, AttemptTelemetry telemetry)
    {
        if (end.Failure is { } failure)
        {
            var now = await store.FailAsync(token, failure, cancellationToken: CancellationToken.None);
            if (now is not (null or JobState.Queued)) Remove(token, () => files.RemoveCheckpoints(token.JobId));
            LogEnded(token.JobId, token.Epoch, now?.ToString() ?? "lost", failure.Code);
            telemetry.Ended(now is null ? AttemptOutcome.Lost : AttemptOutcome.Failed, now, failure.Code);
            return;
        }
        switch (end.Reason)
        {
            case null:
                telemetry.Ended(AttemptOutcome.Completed, JobState.Completed);
                break;
            case StopReason.Canceled when await store.FinishCanceledAsync(token, cancellationToken: CancellationToken.None):
                telemetry.Ended(AttemptOutcome.Canceled, JobState.Canceled);
                break;
            case StopReason.Draining when await store.ReleaseAsync(token, CancellationToken.None) is { } now:
                telemetry.Ended(AttemptOutcome.Released, now);
                break;
            default:
                telemetry.Ended(AttemptOutcome.Lost, null);
                break;
        }
        // Completed or cancelled; after a release or a lost lease another attempt goes on from there.
        if (end.Reason is null or StopReason.Canceled) Remove(token, () => files.RemoveCheckpoints(token.JobId));
        LogEnded(token.JobId, token.Epoch, end.Reason?.ToString() ?? "Completed", "");
    }

    // What its files are is for the next process to find out: the engine may still write to them.
    private void Abandon(LeaseToken token)
    {
        LogStuck(token.JobId, token.Epoch);
        endProcess();
    }

    // A job that is nearly done is worth waiting for, but no longer than it said.
    private void Drain(LeaseKeeper keeper, Sink progress)
    {
        if (progress.Remaining is not { } left || left > options.DrainTimeout)
        {
            keeper.Stop(StopReason.Draining);
            return;
        }
        LogFinishing(left.TotalSeconds);
        keeper.DrainWithin(options.DrainTimeout);
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
        /// <summary>Whether the engine did not come back.</summary>
        public bool IsStuck { get; init; }

        public static AttemptEnd Of(StopReason reason) => JobFailures.From(reason) is { } failure ? new(null, failure) : new(reason, null);

        public static AttemptEnd Of(PublishOutcome outcome) => outcome switch
        {
            PublishOutcome.Published => new(null, null),
            PublishOutcome.CancelRequested => Of(StopReason.Canceled),
            _ => Of(StopReason.Lost),
        };
    }

    private sealed class Sink(LeaseKeeper keeper, ProgressWatch watch, AttemptTelemetry telemetry) : IProgress<GenerationProgress>
    {
        private long _remainingTicks = -1;

        public ProgressWatch Watch => watch;

        public AttemptTelemetry Telemetry => telemetry;

        public TimeSpan? Remaining => Volatile.Read(ref _remainingTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

        public void Report(GenerationProgress value)
        {
            Volatile.Write(ref _remainingTicks, value.Remaining?.Ticks ?? -1);
            keeper.Report(ProgressScale.From(value));
            telemetry.Report(value, watch.Report(value));
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

    [LoggerMessage(3013, LogLevel.Critical, "Job {JobId} ({Epoch}): the engine does not return; the process ends with code 1, and the next one goes on from the job's checkpoint")]
    private partial void LogStuck(string jobId, long epoch);

    [LoggerMessage(3009, LogLevel.Warning, "Job {JobId} ({Epoch}): what it left in the making could not be removed; it is tried again later")]
    private partial void LogNotRemoved(Exception error, string jobId, long epoch);
}
