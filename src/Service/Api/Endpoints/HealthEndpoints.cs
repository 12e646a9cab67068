using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using XVideo.Service.Api.Replies;
using XVideo.Service.Files;
using XVideo.Service.Store;
using XVideo.Service.Worker;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Whether the process lives, and whether it can work. Neither is limited or needs a key; both say no more than yes, no and which part.</summary>
internal sealed class HealthEndpoints(IJobStore store, JobFiles files, ServiceOptions options, WorkerState worker, IHostApplicationLifetime lifetime)
{
    private const string Ok = "ok";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _one = new(1);
    private (HealthObject Health, long At)? _last;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Live).WithName("getHealth").WithSummary("Whether the process lives, and its worker gets on: 200 or 503").Produces<string>(contentType: "text/plain").DisableHttpMetrics();
        routes.MapGet("/readyz", ReadyAsync).WithName("getReadiness").WithSummary("Whether it can work: 200 or 503").Produces<HealthObject>().Produces<HealthObject>(503).DisableHttpMetrics();
    }

    private IResult Live() => worker.IsStalled
        ? TypedResults.Text("The worker's engine does not get on.", statusCode: StatusCodes.Status503ServiceUnavailable)
        : TypedResults.Text("Healthy");

    private async Task<IResult> ReadyAsync()
    {
        var health = await CheckAsync();
        return TypedResults.Json(health, ApiJson.Readable.HealthObject, statusCode: health.Checks.Values.All(check => check == Ok) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    // Many who ask must not become many who write to the store.
    private async Task<HealthObject> CheckAsync()
    {
        await _one.WaitAsync();
        try
        {
            // The end is news at once: nothing more must be sent here.
            if (_last is { } last && Environment.TickCount64 - last.At < Remembered.TotalMilliseconds && !IsStopping) return last.Health;
            var checks = new Dictionary<string, string>
            {
                ["store"] = await ProbeAsync(),
                ["disk"] = files.FreeBytes >= options.MinimumFreeBytes ? Ok : "almost full",
                ["process"] = IsStopping ? "stopping" : Ok,
            };
            if (options.RunsWorker) checks["model"] = worker.IsDraining ? "stopping" : worker.IsLoaded ? Ok : "loading";
            var health = new HealthObject(checks.Values.All(check => check == Ok) ? "ready" : "not_ready", checks);
            _last = (health, Environment.TickCount64);
            return health;
        }
        finally
        {
            _one.Release();
        }
    }

    private bool IsStopping => worker.IsDraining || lifetime.ApplicationStopping.IsCancellationRequested;

    private async Task<string> ProbeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await store.ProbeAsync(limit.Token);
            return Ok;
        }
        catch (Exception error) when (error is JobStoreException or OperationCanceledException)
        {
            return error is JobStoreException { Problem: var problem } ? problem.ToString() : "does not answer in time";
        }
    }
}
