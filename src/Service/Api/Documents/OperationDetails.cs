using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using XVideo.Service.Api.Security;

namespace XVideo.Service.Api.Documents;

/// <summary>Completes what the framework says about one route, from the marks at that route.</summary>
internal static class OperationDetails
{
    /// <summary>Name of the scheme of API keys.</summary>
    public const string KeyScheme = "api_key";

    /// <summary>Name of the scheme of tokens in addresses.</summary>
    public const string TokenScheme = "video_token";

    private const string Videos = "Videos", Models = "Models", Server = "Server";

    /// <summary>What routes are grouped by.</summary>
    public static IReadOnlyList<string> Groups { get; } = [Videos, Models, Server];

    public static Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var marks = context.Description.ActionDescriptor.EndpointMetadata;
        var path = context.Description.RelativePath ?? "";
        operation.Tags = new HashSet<OpenApiTagReference> { new(Group(path), context.Document) };
        // One route for both, but a name may occur once.
        if (context.Description.HttpMethod == HttpMethods.Head) operation.OperationId = $"{operation.OperationId}Head";
        operation.Parameters = [.. operation.Parameters ?? [], .. marks.OfType<RouteParameter>().Select(Parameter)];
        if (marks.OfType<RouteFile>().FirstOrDefault() is { } file) ((OpenApiResponse)operation.Responses!["200"]).Content = Bytes(file);
        if (path.StartsWith("v1/", StringComparison.Ordinal)) operation.Security = Security(context, marks.OfType<TakesToken>().Any());
        return Task.CompletedTask;
    }

    private static string Group(string path) => path.StartsWith("v1/videos", StringComparison.Ordinal) ? Videos : path.StartsWith("v1/models", StringComparison.Ordinal) ? Models : Server;

    private static OpenApiParameter Parameter(RouteParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.In,
        Description = parameter.Description,
        Schema = new OpenApiSchema
        {
            Type = parameter.Type,
            Enum = parameter.Allowed is { } allowed ? [.. allowed.Select(value => (JsonNode)value)] : null,
            Default = parameter.Allowed is [var first, ..] ? first : null,
        },
    };

    private static Dictionary<string, OpenApiMediaType> Bytes(RouteFile file) =>
        file.ContentTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } });

    // Each entry of the list is enough by itself; an empty one means: nothing.
    private static List<OpenApiSecurityRequirement> Security(OpenApiOperationTransformerContext context, bool takesToken)
    {
        var ways = new List<OpenApiSecurityRequirement> { Need(KeyScheme) };
        if (takesToken) ways.Add(Need(TokenScheme));
        if (!context.ApplicationServices.GetRequiredService<ServiceOptions>().RequiresKeys) ways.Add([]);
        return ways;

        OpenApiSecurityRequirement Need(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
