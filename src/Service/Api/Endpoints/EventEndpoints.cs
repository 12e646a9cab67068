using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>
/// Tells about a video while it is being made, as server-sent events: <c>snapshot</c> first, then <c>status</c>, <c>progress</c> and <c>preview</c>, at last
/// <c>done</c>, or <c>closing</c> when the server ends before the job. A reader that comes back in the same attempt gets every <c>status</c> that it has missed, instead of a snapshot. Events are read off the
/// job's row, so it does not matter which process runs the job.
/// </summary>
internal sealed class EventEndpoints(IJobStore store, JobFiles files, EventReaders readers, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(2);

    // Proxies close what is silent for long.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);
    private static readonly SseItem<string> Ping = new("{}", "ping");

    // Without an id: whoever comes back goes on after the event before.
    private static readonly SseItem<string> Closing = new("{\"reason\":\"server_stopping\"}", "closing");

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/videos/{id}/events", EventsAsync).NeedsRead().TakesToken().WithName("getVideoEvents")
        .WithSummary("Progress as server-sent events; with Last-Event-ID they go on where they stopped")
        .ReadsHeader("Last-Event-ID", "Id of the last event that came").ProducesFile("text/event-stream").Produces(StatusCodes.Status204NoContent).Refuses(404);

    private async Task<IResult> EventsAsync(HttpContext context, string id)
    {
        var caller = Caller.Of(context);
        var job = await Jobs.FindAsync(store, caller, id, context.RequestAborted);
        var seen = EventId.Parse(context.Request.Headers["Last-Event-ID"]);
        // An event source comes back after every end, unless it is told so.
        if (seen is { IsDone: true } && VideoObjects.IsFinal(job.State)) return TypedResults.NoContent();
        context.Response.RegisterForDispose(readers.Enter(caller));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(FollowAsync(job, seen, caller, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(Job job, EventId? seen, Caller caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The end of the server must not wait for streams.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        var watch = seen is { } last && last.LeadsTo(job) ? new JobWatch(files, last.Number) : new JobWatch(files, job);
        // At once in either case, so that the reader knows that it is heard.
        yield return (watch.IsShown ? JobWatch.Whole("snapshot", job, EventId.Of(job)) : Ping) with { ReconnectionInterval = Reconnection };
        var spokeAt = time.GetTimestamp();
        for (var goesOn = true; ; goesOn = await PauseAsync(either.Token))
        {
            if (await LookAsync(job.Id, watch.Told, caller) is { } look)
            {
                // Deleted meanwhile: there is nothing more to tell.
                if (look.Job is null) yield break;
                foreach (var change in watch.Changes(look.Job, look.Events))
                {
                    spokeAt = time.GetTimestamp();
                    yield return change;
                }
                if (VideoObjects.IsFinal(look.Job.State))
                {
                    yield return JobWatch.Whole("done", look.Job, EventId.Of(look.Job) with { IsDone = true });
                    yield break;
                }
            }
            // Not without this last look at the end of the server: its worker has finished or put back the job by then.
            if (!goesOn) break;
            if (time.GetElapsedTime(spokeAt) <= LongestSilence) continue;
            spokeAt = time.GetTimestamp();
            yield return Ping;
        }
        yield return Closing;
    }

    // Null when the store is away for a moment, which is no reason to end the stream.
    private async Task<(Job? Job, IReadOnlyList<JobEvent> Events)?> LookAsync(string id, long told, Caller caller)
    {
        try
        {
            var job = await store.GetAsync(id, caller.Reach, CancellationToken.None);
            return (job, job?.LastEvent > told ? await store.ListEventsAsync(id, told, CancellationToken.None) : []);
        }
        catch (JobStoreException error) when (error.Problem == JobStoreProblem.Unavailable)
        {
            return null;
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
