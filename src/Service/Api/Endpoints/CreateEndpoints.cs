using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Requests;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Accepts videos to be made: new ones, and variations of finished ones.</summary>
internal sealed class CreateEndpoints(IJobStore store, ServedModel model, JobIntake intake)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/videos", (Delegate)CreateAsync).NeedsCreate().WithName("createVideo").WithSummary("Create a video").TakesRepeats()
            .Produces<VideoObject>().Refuses(400, 404, 413, 415, 422).Accepts<CreateBody>("multipart/form-data", "application/json");
        routes.MapPost("/videos/{id}/remix", RemixAsync).NeedsCreate().WithName("remixVideo").WithSummary("Create a variation of a completed video: its settings and seed with another prompt").TakesRepeats()
            .Produces<VideoObject>().Refuses(400, 404, 413, 415, 422).Accepts<RemixBody>("application/json", "multipart/form-data");
    }

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        intake.RequireRoom();
        var asked = CreateRequestReader.Read(await RequestBody.ReadAsync(context.Request), model);
        return await AnswerAsync(context, await intake.AcceptAsync(context, asked));
    }

    private async Task<IResult> RemixAsync(HttpContext context, string id)
    {
        intake.RequireRoom();
        var fields = await RequestBody.ReadAsync(context.Request);
        CreateRequestReader.CheckNames(fields, ["prompt"]);
        var prompt = CreateRequestReader.Prompt(fields);
        var original = await Jobs.FindAsync(store, Caller.Of(context), id, context.RequestAborted);
        if (original.State != JobState.Completed) throw new ApiException(ApiErrors.NotCompleted(VideoObjects.Status(original.State)));
        return await AnswerAsync(context, await intake.AcceptAsync(context, new CreateRequest(FrozenRequest.Read(original.Parameters) with { Prompt = prompt }, field => field), original));
    }

    private async Task<IResult> AnswerAsync(HttpContext context, Job job)
    {
        var position = await store.GetQueuePositionAsync(job.Id, context.RequestAborted);
        Polling.Tell(context.Response, Polling.After(job, position, null));
        return TypedResults.Json(VideoObjects.From(job, position), ApiJson.Readable.VideoObject);
    }
}
