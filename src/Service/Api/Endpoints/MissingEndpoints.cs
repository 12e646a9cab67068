using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Routes of the contract that this server has not: clients are told so, rather than that there is no such video.</summary>
internal static class MissingEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/videos/edits", () => NotImplemented("edit videos")).ExcludeFromDescription();
        routes.MapPost("/videos/extensions", () => NotImplemented("extend videos")).ExcludeFromDescription();
        routes.MapPost("/videos/characters", () => NotImplemented("keep characters")).ExcludeFromDescription();
        routes.MapGet("/videos/characters/{id}", (string id) => NotImplemented("keep characters")).ExcludeFromDescription();
    }

    private static IResult NotImplemented(string what) => throw new ApiException(ApiErrors.NotImplemented(what));
}
