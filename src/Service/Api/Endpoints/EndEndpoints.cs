using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Files;
using XVideo.Service.Observe;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Ends videos: cancels those that are not finished, deletes any.</summary>
internal sealed class EndEndpoints(IJobStore store, FileSweeper sweeper, ServiceMetrics metrics, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/videos/{id}/cancel", CancelAsync).NeedsWrite().WithName("cancelVideo")
            .WithSummary("Cancel a video that is not finished: it ends as failed with the code canceled, a running one within one step").Produces<VideoObject>().Refuses(404, 409);
        routes.MapDelete("/videos/{id}", DeleteAsync).NeedsWrite().WithName("deleteVideo").WithSummary("Delete a video with its files; one that is being made is stopped").Produces<VideoDeleted>().Refuses(404);
    }

    private async Task<IResult> CancelAsync(HttpContext context, string id)
    {
        var before = await store.GetAsync(Jobs.Checked(id), Caller.Of(context).Reach, context.RequestAborted);
        // As with a create: once begun, it is done, whoever hangs up.
        var result = await store.CancelAsync(id, Caller.Of(context).Reach, CancellationToken.None);
        if (result.Outcome == CancelOutcome.Canceled) CountCanceled(before);
        return result.Outcome switch
        {
            CancelOutcome.NotFound => throw new ApiException(ApiErrors.VideoNotFound),
            CancelOutcome.Finished => throw new ApiException(ApiErrors.NotCancellable(VideoObjects.Status(result.Job!.State))),
            _ => TypedResults.Json(VideoObjects.From(result.Job!), ApiJson.Readable.VideoObject),
        };
    }

    private async Task<IResult> DeleteAsync(HttpContext context, string id)
    {
        var before = await store.GetAsync(Jobs.Checked(id), Caller.Of(context).Reach, context.RequestAborted);
        if (!await store.DeleteAsync(id, Caller.Of(context).Reach, CancellationToken.None)) throw new ApiException(ApiErrors.VideoNotFound);
        CountCanceled(before);
        await sweeper.ExpireAsync(CancellationToken.None);
        return TypedResults.Json(new VideoDeleted(id), ApiJson.Readable.VideoDeleted);
    }

    // The end of one that runs is its worker's to count.
    private void CountCanceled(Job? before)
    {
        if (before?.State == JobState.Queued) metrics.Finished(before, JobState.Canceled, null, time.GetUtcNow());
    }
}
