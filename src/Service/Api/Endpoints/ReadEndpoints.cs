using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Shows videos, models and the queue.</summary>
internal sealed class ReadEndpoints(IJobStore store, ServedModel model, QueuePace pace, TimeProvider time)
{
    private const int LongestPage = 100;
    private const int UsualPage = 20;
    private static readonly string[] Orders = ["desc", "asc"];
    private static readonly string[] Owners = ["own", "all"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/videos/{id}", GetAsync).NeedsRead().WithName("getVideo").WithSummary("One video").Produces<VideoObject>().Refuses(404);
        routes.MapGet("/videos", (Delegate)ListAsync).NeedsRead().WithName("listVideos").WithSummary("A page of videos")
            .ReadsQuery("limit", "Videos of a page, 0 to 100; default 20", JsonSchemaType.Integer).ReadsQuery("after", "Id of the last video of the page before")
            .ReadsQuery("order", "Newest or oldest first", allowed: Orders).ReadsQuery("owner", "all shows everybody's videos, to keys with the scope admin", allowed: Owners)
            .Produces<VideoList>().Refuses(400);
        routes.MapGet("/models", () => TypedResults.Json(new ModelList([ModelObject.From(model)]), ApiJson.Readable.ModelList)).NeedsRead()
            .WithName("listModels").WithSummary("The models of this server").Produces<ModelList>();
        routes.MapGet("/models/{id}", GetModel).NeedsRead().WithName("getModel").WithSummary("One model").Produces<ModelObject>().Refuses(404);
        routes.MapGet("/queue", (Delegate)QueueAsync).NeedsRead().WithName("getQueue").WithSummary("How busy the server is").Produces<QueueObject>();
    }

    private async Task<IResult> GetAsync(HttpContext context, string id)
    {
        var job = await Jobs.FindAsync(store, Caller.Of(context), id, context.RequestAborted);
        var isQueued = job.State == JobState.Queued;
        var position = isQueued ? await store.GetQueuePositionAsync(id, context.RequestAborted) : null;
        var meanJobTime = isQueued ? await pace.MeanJobTimeAsync() : null;
        Polling.Tell(context.Response, Polling.After(job, position, meanJobTime));
        return TypedResults.Json(VideoObjects.From(job, position), ApiJson.Readable.VideoObject);
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var request = context.Request;
        var limit = Query.Integer(request, "limit", UsualPage, 0, LongestPage);
        var isAscending = Query.OneOf(request, "order", Orders) == "asc";
        var after = Query.Text(request, "after");
        if (after is not null && !JobId.IsWellFormed(after)) throw NoSuchPlace(after);
        var caller = Caller.Of(context);
        var isOfAll = Query.OneOf(request, "owner", Owners) == "all";
        if (isOfAll && !caller.IsAdmin) throw new ApiException(ApiErrors.MissingScope(Scopes.Admin));
        var page = await store.ListAsync(new JobQuery(isOfAll ? null : caller.Id, limit, after, isAscending), context.RequestAborted) ?? throw NoSuchPlace(after!);
        var videos = page.Jobs.Select(job => VideoObjects.From(job)).ToArray();
        return TypedResults.Json(new VideoList(videos, videos.FirstOrDefault()?.Id, videos.LastOrDefault()?.Id, page.HasMore), ApiJson.Readable.VideoList);
    }

    // An empty page instead would hide the mistakes of clients.
    private static ApiException NoSuchPlace(string after) => new(ApiErrors.InvalidValue("after", $"\"{after}\"", "it must be the id of one of your videos, the last of the page before"));

    private IResult GetModel(string id) => id == model.Id
        ? TypedResults.Json(ModelObject.From(model), ApiJson.Readable.ModelObject)
        : throw new ApiException(ApiErrors.ModelNotFound(id, model.Id));

    private async Task<IResult> QueueAsync(HttpContext context)
    {
        var all = await store.GetQueueStatusAsync(null, context.RequestAborted);
        var own = await store.GetQueueStatusAsync(Caller.Of(context).Id, context.RequestAborted);
        return TypedResults.Json(QueueObject.From(all, own, time.GetUtcNow()), ApiJson.Readable.QueueObject);
    }
}
