using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Gives out tokens for addresses, see <see cref="VideoTokens"/>.</summary>
internal sealed class TokenEndpoints(IJobStore store, VideoTokens tokens)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/videos/{id}/token", CreateAsync).NeedsRead().WithName("createVideoToken")
        .WithSummary("Get a token that opens events, preview and content of one video for ten minutes, as ?token=… where no header can be sent").Produces<TokenObject>().Refuses(404);

    private async Task<IResult> CreateAsync(HttpContext context, string id)
    {
        var caller = Caller.Of(context);
        await Jobs.FindAsync(store, caller, id, context.RequestAborted);
        var (text, expiresAt) = tokens.Create(id, caller);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new TokenObject(text, id, expiresAt.ToUnixTimeSeconds()), ApiJson.Readable.TokenObject);
    }
}
