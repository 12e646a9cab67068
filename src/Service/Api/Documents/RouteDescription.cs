using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using XVideo.Service.Api.Replies;

namespace XVideo.Service.Api.Documents;

/// <summary>Says at a route what the OpenAPI document should tell about it.</summary>
internal static class RouteDescription
{
    /// <summary>Reads a value of the query.</summary>
    public static RouteHandlerBuilder ReadsQuery(this RouteHandlerBuilder route, string name, string description, JsonSchemaType type = JsonSchemaType.String, IReadOnlyList<string>? allowed = null) =>
        route.WithMetadata(new RouteParameter(ParameterLocation.Query, name, description, type, allowed));

    /// <summary>Reads a header.</summary>
    public static RouteHandlerBuilder ReadsHeader(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new RouteParameter(ParameterLocation.Header, name, description, JsonSchemaType.String, null));

    /// <summary>Knows a call that is sent again.</summary>
    public static RouteHandlerBuilder TakesRepeats(this RouteHandlerBuilder route) =>
        route.ReadsHeader("Idempotency-Key", "1 to 255 characters of your choice: the same call with the same key within 24 hours makes no second video");

    /// <summary>May answer with the error envelope.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<ErrorEnvelope>(status);
        return route;
    }

    /// <summary>Answers with a file.</summary>
    public static RouteHandlerBuilder ProducesFile(this RouteHandlerBuilder route, params string[] contentTypes) => route.WithMetadata(new RouteFile(contentTypes)).Produces(StatusCodes.Status200OK);
}
