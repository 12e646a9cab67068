using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XVideo.Service.Files;
using XVideo.Service.Observe;
using XVideo.Service.Store;

namespace XVideo.Service.Worker;

/// <summary>Looks for jobs whose worker was lost, and now and then for files and rows that may go.</summary>
internal sealed partial class Maintenance(IJobStore store, FileSweeper sweeper, ServiceOptions options, ServiceMetrics metrics, ILogger<Maintenance> log) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweptAt = 0L;
        using var timer = new PeriodicTimer(options.ReapInterval);
        try
        {
            do
            {
                var isSweepDue = sweptAt == 0 || Environment.TickCount64 - sweptAt > SweepInterval.TotalMilliseconds;
                if (isSweepDue) sweptAt = Environment.TickCount64;
                await WorkAsync(isSweepDue, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The usual end.
        }
    }

    private async Task WorkAsync(bool withSweep, CancellationToken cancellation)
    {
        try
        {
            foreach (var job in await store.ReapAsync(cancellation))
            {
                LogLost(job.Id, job.Epoch, job.State);
                metrics.Reaped(job);
            }
            if (withSweep) await sweeper.SweepAsync(cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is: a server that cannot tidy up can still work.
            LogFailed(error);
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "Job {JobId} ({Epoch}) lost its worker; it is {State} now")]
    private partial void LogLost(string jobId, long epoch, JobState state);

    [LoggerMessage(2002, LogLevel.Warning, "Looking for lost jobs and old files failed; trying again")]
    private partial void LogFailed(Exception error);
}
