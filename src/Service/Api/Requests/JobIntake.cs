using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Observe;
using XVideo.Service.Store;
using XVideo.Service.Worker;

namespace XVideo.Service.Api.Requests;

/// <summary>Turns what a client asks for into a job in the queue, or says why not.</summary>
internal sealed class JobIntake(IJobStore store, ServedModel model, ServiceOptions options, JobFiles files, Admission admission, ServiceMetrics metrics, WorkerState worker, IHostApplicationLifetime lifetime)
{
    private const string IdempotencyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 255;

    // A prompt of nonsense must not become a reply of nonsense.
    private const int MostUnknownWords = 20;

    /// <summary>Looks whether the server takes work at all: before a body is read.</summary>
    /// <exception cref="ApiException">It stops, or its disk is full.</exception>
    public void RequireRoom()
    {
        if (worker.IsDraining || lifetime.ApplicationStopping.IsCancellationRequested) throw new ApiException(ApiErrors.Unavailable("The server is stopping and takes no new work. Try again in a moment."));
        if (files.FreeBytes < options.MinimumFreeBytes) throw new ApiException(ApiErrors.NoStorage);
    }

    /// <summary>Accepts a request. When this returns, its job is durable.</summary>
    /// <param name="context">Of the request; its response is told when the job is an earlier one.</param>
    /// <param name="asked">What the body said.</param>
    /// <param name="remixOf">The video to vary, or <see langword="null"/>.</param>
    /// <exception cref="ApiException">It is refused.</exception>
    public async Task<Job> AcceptAsync(HttpContext context, CreateRequest asked, Job? remixOf = null)
    {
        using var span = ServiceTelemetry.Source.StartActivity("videos.create");
        span?.SetTag("gen_ai.request.model", model.Id);
        var caller = Caller.Of(context);
        await RequireQuotaAsync(caller, context.RequestAborted);
        var resolved = RequestResolver.Resolve(asked, model);
        if (await admission.CheckAsync(resolved, context.RequestAborted) is { } shortage) throw new ApiException(RequestResolver.Explain(asked, shortage));
        var notes = model.ReadPrompt?.Invoke(resolved.Prompt);
        var job = new NewJob
        {
            OwnerKeyId = caller.Id,
            Model = model.Id,
            Prompt = resolved.Prompt,
            Parameters = FrozenRequest.Write(FrozenRequest.Of(resolved)),
            RequestHash = SHA256.HashData(Encoding.UTF8.GetBytes($"{model.Id}\n{remixOf?.Id}\n{FrozenRequest.Write(asked.Video)}")),
            Seed = resolved.Seed,
            CostUnits = (long)((double)resolved.Width * resolved.Height * resolved.FrameCount * resolved.Steps / 1e9),
            IsPromptTruncated = notes?.IsTruncated,
            UnknownWords = notes?.UnknownWords.Take(MostUnknownWords).ToArray(),
            RemixedFrom = remixOf?.Id,
            MaxAttempts = options.MaxAttempts,
            TraceParent = Activity.Current?.Id,
            IdempotencyKey = IdempotencyKey(context.Request),
            IsRetry = int.TryParse(context.Request.Headers["X-Stainless-Retry-Count"], out var retries) && retries >= 1,
        };
        // Not with the request's own token: a client that hangs up now must not leave it open whether there is a job.
        var result = await store.CreateAsync(job, options.MaxQueued, CancellationToken.None);
        span?.SetTag("videogen.job.id", result.Job?.Id);
        if (result.Outcome == CreateOutcome.Created) metrics.Created(model.Id);
        return await ExplainAsync(context, result);
    }

    private async Task<Job> ExplainAsync(HttpContext context, CreateResult result)
    {
        switch (result.Outcome)
        {
            case CreateOutcome.KeyReused:
                throw new ApiException(ApiErrors.KeyReused);
            case CreateOutcome.QueueFull:
                throw new ApiException(ApiErrors.QueueFull($"The queue is full: {options.MaxQueued} videos wait already.", await PatienceAsync()));
            case CreateOutcome.OwnerQueueFull:
                throw new ApiException(ApiErrors.QueueFull($"{Caller.Of(context).Key.MaxQueued} videos of this API key wait already, and no more may.", await PatienceAsync()));
            case CreateOutcome.Replayed:
                context.Response.Headers["Idempotent-Replayed"] = "true";
                if (result.Job!.DeletedAt is not null) throw new ApiException(ApiErrors.VideoNotFound);
                break;
        }
        return result.Job!;
    }

    // As long as a worker takes for one job; a little more or less, so that those who wait do not all come back at once.
    private async Task<TimeSpan> PatienceAsync()
    {
        var mean = (await store.GetQueueStatusAsync()).MeanJobTime ?? TimeSpan.FromSeconds(5);
        var workers = Math.Max(1, (await store.ListWorkersAsync()).Count(worker => !worker.IsDraining));
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(mean.TotalSeconds / workers), 5, 120) * (1 + (Random.Shared.NextDouble() * 0.2)));
    }

    private async Task RequireQuotaAsync(Caller caller, CancellationToken cancellation)
    {
        if (caller.Key.GpuSecondsPerDay is { } most && (await store.GetUsageAsync(caller.Id, cancellation)).RunningTime.TotalSeconds >= most)
            throw new ApiException(ApiErrors.QuotaUsed(most));
    }

    private static string? IdempotencyKey(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(IdempotencyHeader, out var values)) return null;
        var key = values.ToString();
        return values.Count == 1 && key.Length is > 0 and <= LongestIdempotencyKey && key.All(letter => letter is > ' ' and <= '~') ? key
            : throw new ApiException(ApiErrors.InvalidValue(IdempotencyHeader, $"\"{key}\"", $"it must have 1 to {LongestIdempotencyKey} printable ASCII characters without spaces"));
    }
}
