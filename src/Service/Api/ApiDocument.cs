using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using XVideo.Pipeline;
using XVideo.Service.Api.Documents;
using XVideo.Service.Api.Security;

namespace XVideo.Service.Api;

/// <summary>What /openapi/v1.json says about the API as a whole.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer(Complete).AddOperationTransformer(OperationDetails.CompleteAsync).AddSchemaTransformer(SchemaDetails.CompleteAsync);

    private static Task Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "XVideo",
            Version = VideoPipeline.Version,
            Description = "Videos from text. The routes under /v1/videos are those of the OpenAI Videos API; every refusal has the body {\"error\":{\"message\",\"type\",\"param\",\"code\"}}.",
        };
        document.Tags = OperationDetails.Groups.Select(name => new OpenApiTag { Name = name }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [OperationDetails.KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, made with: xvideo keys create. Not needed where the server is started so." },
            [OperationDetails.TokenScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Query,
                Name = TakesToken.Parameter,
                Description = "A token of POST /v1/videos/{id}/token: good for that video and ten minutes, for players and event sources that cannot send headers.",
            },
        };
        return Task.CompletedTask;
    }
}
