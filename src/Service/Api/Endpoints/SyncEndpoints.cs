using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Requests;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Observe;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>
/// Creates a video and answers with its file. The video belongs to the call: when the client hangs up, or the time is over, it is cancelled. The job's row
/// is what is waited for, so it does not matter which process runs it.
/// </summary>
internal sealed class SyncEndpoints(
    IJobStore store, JobFiles files, ServedModel model, JobIntake intake, SyncWaiters waiters, ServiceOptions options, ServiceMetrics metrics, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/videos/sync", (Delegate)SyncAsync).NeedsCreate().WithName("createVideoSync")
        .WithSummary("Create a video, wait for it and answer with the mp4 file; hanging up cancels it").TakesRepeats()
        .ProducesFile("video/mp4").Refuses(400, 404, 409, 413, 415, 422, 500, 504).Accepts<CreateBody>("multipart/form-data", "application/json");

    private async Task<IResult> SyncAsync(HttpContext context)
    {
        intake.RequireRoom();
        using var place = waiters.Enter(Caller.Of(context));
        var asked = CreateRequestReader.Read(await RequestBody.ReadAsync(context.Request), model);
        var job = await intake.AcceptAsync(context, asked);
        // On refusals too: the video can still be asked about.
        context.Response.Headers["X-Video-Id"] = job.Id;
        context.Response.Headers["X-Seed"] = job.Seed.ToString(CultureInfo.InvariantCulture);
        return await AnswerAsync(context, await WaitAsync(job, context.RequestAborted));
    }

    private async Task<Job> WaitAsync(Job job, CancellationToken hungUp)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(hungUp, lifetime.ApplicationStopping);
        limit.CancelAfter(options.SyncTimeout);
        waiters.Await(job.Id);
        var isOver = false;
        try
        {
            while (!VideoObjects.IsFinal(job.State))
            {
                await Task.Delay(Interval, limit.Token);
                job = await LookAsync(job);
            }
            isOver = true;
            return job;
        }
        catch (OperationCanceledException) when (!hungUp.IsCancellationRequested)
        {
            // Who is told to come back finds the same job, by the clients' mark of a repeated call or by an idempotency key.
            isOver = lifetime.ApplicationStopping.IsCancellationRequested;
            throw new ApiException(isOver ? ApiErrors.Unavailable("The server is stopping. The video is made by the next one; try again in a moment.")
                : ApiErrors.JobFailed("timeout", FormattableString.Invariant($"The video was not finished within {options.SyncTimeout.TotalSeconds:0} s and is cancelled. Create it with POST /v1/videos instead, which does not wait.")));
        }
        finally
        {
            if (waiters.Leave(job.Id) && !isOver) await CancelAsync(job);
        }
    }

    private async Task CancelAsync(Job job)
    {
        var result = await store.CancelAsync(job.Id, null, CancellationToken.None);
        // The end of one that runs is its worker's to count.
        if (result.Outcome == CancelOutcome.Canceled && job.State == JobState.Queued) metrics.Finished(job, JobState.Canceled, null, time.GetUtcNow());
    }

    // A store that is away for a moment is no reason to give up.
    private async Task<Job> LookAsync(Job job)
    {
        try
        {
            return await store.GetAsync(job.Id, null, CancellationToken.None) ?? throw new ApiException(ApiErrors.VideoNotFound);
        }
        catch (JobStoreException error) when (error.Problem == JobStoreProblem.Unavailable)
        {
            return job;
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext context, Job job)
    {
        if (job.State != JobState.Completed) throw new ApiException(ApiErrors.JobFailed(job.ErrorCode ?? "internal_error", job.ErrorMessage ?? "The video failed."));
        var artifact = (await store.ListArtifactsAsync(job.Id, context.RequestAborted)).FirstOrDefault(artifact => artifact.Variant == Variants.Video);
        var stream = artifact is null ? null : files.Open(artifact.Path);
        if (stream is null) throw new ApiException(ApiErrors.VideoExpired);
        var headers = context.Response.Headers;
        var video = VideoObjects.From(job);
        headers.CacheControl = "no-store";
        headers["X-Inference-Time-S"] = video.InferenceTimeInSeconds?.ToString(CultureInfo.InvariantCulture);
        headers["X-Peak-Memory-MB"] = video.PeakMemoryInMegabytes?.ToString(CultureInfo.InvariantCulture);
        headers["X-Stage-Durations"] = (await store.ListAttemptsAsync(job.Id, context.RequestAborted)).LastOrDefault()?.Report?.Timings;
        return TypedResults.Stream(stream, artifact!.ContentType, $"{job.Id}.mp4");
    }
}
