using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Hands out files: finished videos with their pictures, and previews.</summary>
internal sealed class ContentEndpoints(IJobStore store, JobFiles files)
{
    private static readonly string[] Downloads = ["1", "0"];
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder routes)
    {
        // No negotiation: the official clients send Accept headers that name none of these types.
        routes.MapMethods("/videos/{id}/content", ReadMethods, ContentAsync).NeedsRead().TakesToken().WithName("getVideoContent")
            .WithSummary("The file; ranges are served").ReadsQuery("variant", "Which file", allowed: Variants.All)
            .ReadsQuery("download", "0: for players, without a file name", allowed: Downloads).ProducesFile("video/mp4", "image/webp").Produces(206).Produces(304).Refuses(400, 404, 416);
        routes.MapMethods("/videos/{id}/preview", ReadMethods, PreviewAsync).NeedsRead().TakesToken().WithName("getVideoPreview")
            .WithSummary("The newest preview of a video that is being made").ProducesFile("image/png").Produces(304).Refuses(404);
    }

    private async Task<IResult> ContentAsync(HttpContext context, string id)
    {
        var variant = Query.OneOf(context.Request, "variant", Variants.All);
        var isInline = Query.OneOf(context.Request, "download", Downloads) == "0";
        var job = await Jobs.FindAsync(store, Caller.Of(context), id, context.RequestAborted);
        RequireCompleted(job);
        var artifacts = await store.ListArtifactsAsync(id, context.RequestAborted);
        if (artifacts.Count == 0) throw new ApiException(ApiErrors.VideoExpired);
        var artifact = artifacts.FirstOrDefault(artifact => artifact.Variant == variant) ?? throw new ApiException(ApiErrors.VariantNotAvailable(variant));
        var stream = files.Open(artifact.Path) ?? throw new ApiException(ApiErrors.VideoExpired);
        context.Response.Headers.CacheControl = "private, max-age=3600, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(artifact.Sha256.AsSpan(0, 8))}\"");
        var name = isInline ? null : $"{id}{Path.GetExtension(artifact.Path)}";
        return TypedResults.Stream(stream, artifact.ContentType, name, job.CompletedAt, tag, enableRangeProcessing: true);
    }

    private static void RequireCompleted(Job job)
    {
        switch (job.State)
        {
            case JobState.Completed:
                return;
            case JobState.Failed or JobState.Canceled:
                throw new ApiException(ApiErrors.VideoFailed(job.ErrorMessage ?? job.ErrorCode ?? "it was canceled."));
            default:
                throw new ApiException(ApiErrors.NotReady(VideoObjects.Status(job.State), Polling.After(job, null, null) ?? 0));
        }
    }

    private async Task<IResult> PreviewAsync(HttpContext context, string id)
    {
        var job = await Jobs.FindAsync(store, Caller.Of(context), id, context.RequestAborted);
        if (job.State != JobState.Running || files.FindPreview(new LeaseToken(id, job.Epoch)) is not { } preview) throw new ApiException(ApiErrors.PreviewNotAvailable);
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.PhysicalFile(preview.Path, "image/png", entityTag: new EntityTagHeaderValue($"\"{job.Epoch}.{preview.Step}\""));
    }
}
