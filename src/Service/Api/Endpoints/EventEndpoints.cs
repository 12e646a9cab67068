using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>
/// Tells about a video while it is being made, as server-sent events: <c>snapshot</c> first, then <c>status</c>, <c>progress</c> and <c>preview</c>, at last
/// <c>done</c>. They are read off the job's row, so it does not matter which process runs the job.
/// </summary>
internal sealed class EventEndpoints(IJobStore store, JobFiles files, EventReaders readers, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(2);

    // Proxies close what is silent for long.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/videos/{id}/events", EventsAsync).NeedsRead().WithName("getVideoEvents")
        .WithSummary("Progress as server-sent events").Produces(StatusCodes.Status200OK, contentType: "text/event-stream");

    private async Task<IResult> EventsAsync(HttpContext context, string id)
    {
        var caller = Caller.Of(context);
        var job = await Jobs.FindAsync(store, caller, id, context.RequestAborted);
        context.Response.RegisterForDispose(readers.Enter(caller));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(FollowAsync(job, caller, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(Job job, Caller caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The end of the server must not wait for streams.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var watch = new JobWatch(files, job);
        yield return JobWatch.Item("snapshot", job, VideoObjects.From(job), ApiJson.Readable.VideoObject) with { ReconnectionInterval = Reconnection };
        var spokeAt = time.GetTimestamp();
        while (!VideoObjects.IsFinal(watch.Job.State))
        {
            // Deleted meanwhile: there is nothing more to tell.
            if (!await PauseAsync(either.Token) || await LookAsync(watch.Job, caller) is not { } now) yield break;
            foreach (var change in watch.Changes(now))
            {
                spokeAt = time.GetTimestamp();
                yield return change;
            }
            if (time.GetElapsedTime(spokeAt) <= LongestSilence) continue;
            spokeAt = time.GetTimestamp();
            yield return new SseItem<string>("{}", "ping");
        }
        yield return JobWatch.Item("done", watch.Job, VideoObjects.From(watch.Job), ApiJson.Readable.VideoObject);
    }

    // A store that is away for a moment is no reason to end the stream.
    private async Task<Job?> LookAsync(Job job, Caller caller)
    {
        try
        {
            return await store.GetAsync(job.Id, caller.Id, CancellationToken.None);
        }
        catch (JobStoreException error) when (error.Problem == JobStoreProblem.Unavailable)
        {
            return job;
        }
    }

    private static async Task<bool> PauseAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Interval, cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
