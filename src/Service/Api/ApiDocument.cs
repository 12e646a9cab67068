using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using XVideo.Pipeline;

namespace XVideo.Service.Api;

/// <summary>What /openapi/v1.json says about the API as a whole.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "XVideo",
            Version = VideoPipeline.Version,
            Description = "Videos from text. The routes under /v1/videos are those of the OpenAI Videos API; every refusal has the body {\"error\":{\"message\",\"type\",\"param\",\"code\"}}.",
        };
        return Task.CompletedTask;
    });
}
