using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using XVideo.Pipeline.Requests;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Requests;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Accepts videos to be made: new ones, and variations of finished ones.</summary>
internal sealed class CreateEndpoints(IJobStore store, ServedModel model, ServiceOptions options, JobFiles files, IHostApplicationLifetime lifetime)
{
    private const string IdempotencyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 255;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/videos", (Delegate)CreateAsync).NeedsCreate().WithName("createVideo").WithSummary("Create a video").Produces<VideoObject>().Accepts<CreateBody>("multipart/form-data", "application/json");
        routes.MapPost("/videos/{id}/remix", RemixAsync).NeedsCreate().WithName("remixVideo").WithSummary("Create a variation of a completed video: its settings and seed with another prompt")
            .Produces<VideoObject>().Accepts<RemixBody>("application/json", "multipart/form-data");
    }

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        RequireRoom();
        var asked = CreateRequestReader.Read(await RequestBody.ReadAsync(context.Request), model);
        return await AcceptAsync(context, asked, remixOf: null);
    }

    private async Task<IResult> RemixAsync(HttpContext context, string id)
    {
        RequireRoom();
        var fields = await RequestBody.ReadAsync(context.Request);
        CreateRequestReader.CheckNames(fields, ["prompt"]);
        var prompt = CreateRequestReader.Prompt(fields);
        var original = await Jobs.FindAsync(store, Caller.Of(context), id, context.RequestAborted);
        if (original.State != JobState.Completed) throw new ApiException(ApiErrors.NotCompleted(VideoObjects.Status(original.State)));
        return await AcceptAsync(context, new CreateRequest(FrozenRequest.Read(original.Parameters) with { Prompt = prompt }, field => field), original);
    }

    private async Task<IResult> AcceptAsync(HttpContext context, CreateRequest asked, Job? remixOf)
    {
        var caller = Caller.Of(context);
        await RequireQuotaAsync(caller, context.RequestAborted);
        var resolved = RequestResolver.Resolve(asked, model);
        var job = new NewJob
        {
            OwnerKeyId = caller.Id,
            Model = model.Id,
            Prompt = resolved.Prompt,
            Parameters = FrozenRequest.Write(FrozenRequest.Of(resolved)),
            RequestHash = SHA256.HashData(Encoding.UTF8.GetBytes($"{model.Id}\n{remixOf?.Id}\n{FrozenRequest.Write(asked.Video)}")),
            Seed = resolved.Seed,
            CostUnits = (long)((double)resolved.Width * resolved.Height * resolved.FrameCount * resolved.Steps / 1e9),
            RemixedFrom = remixOf?.Id,
            TraceParent = Activity.Current?.Id,
            IdempotencyKey = IdempotencyKey(context.Request),
            IsRetry = int.TryParse(context.Request.Headers["X-Stainless-Retry-Count"], out var retries) && retries >= 1,
        };
        // Not with the request's own token: a client that hangs up now must not leave it open whether there is a job.
        var result = await store.CreateAsync(job, options.MaxQueued, CancellationToken.None);
        return await AnswerAsync(context, result);
    }

    private async Task<IResult> AnswerAsync(HttpContext context, CreateResult result)
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
        var job = result.Job!;
        var position = await store.GetQueuePositionAsync(job.Id, context.RequestAborted);
        Polling.Tell(context.Response, Polling.After(job, position, null));
        return TypedResults.Json(VideoObjects.From(job, position), ApiJson.Readable.VideoObject);
    }

    // As long as a worker takes for one job; a little more or less, so that those who wait do not all come back at once.
    private async Task<TimeSpan> PatienceAsync()
    {
        var mean = (await store.GetQueueStatusAsync()).MeanJobTime ?? TimeSpan.FromSeconds(5);
        var workers = Math.Max(1, (await store.ListWorkersAsync()).Count(worker => !worker.IsDraining));
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(mean.TotalSeconds / workers), 5, 120) * (1 + (Random.Shared.NextDouble() * 0.2)));
    }

    private void RequireRoom()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) throw new ApiException(ApiErrors.Unavailable("The server is stopping and takes no new work. Try again in a moment."));
        if (files.FreeBytes < options.MinimumFreeBytes) throw new ApiException(ApiErrors.NoStorage);
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
