using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Requests;

namespace XVideo.Service.Api.Documents;

/// <summary>Completes what the framework says about one type.</summary>
internal static class SchemaDetails
{
    private static readonly JsonNode[] Statuses = [VideoObjects.Queued, VideoObjects.InProgress, VideoObjects.Completed, VideoObjects.Failed];

    public static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is { } property)
        {
            if (property.Name == "object") (schema.Type, schema.Const) = (JsonSchemaType.String, Constant(property.DeclaringType));
            if (property.DeclaringType == typeof(VideoObject) && property.Name == "status") schema.Enum = [.. Statuses];
            // A form has only texts, so a number may always be written as one.
            if (property.DeclaringType == typeof(CreateBody) && schema.Type is { } kind && (kind & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0) schema.Type = kind | JsonSchemaType.String;
            if (property.DeclaringType == typeof(CreateBody) && property.Name == "seconds") schema.Type |= JsonSchemaType.Number;
        }
        else if (DocumentExamples.Of(type) is { } example)
        {
            schema.Examples = [example];
        }
        return Task.CompletedTask;
    }

    private static string? Constant(Type type) => type == typeof(VideoObject) ? "video"
        : type == typeof(VideoDeleted) ? "video.deleted"
        : type == typeof(TokenObject) ? "video.token"
        : type == typeof(ModelObject) ? "model"
        : type == typeof(QueueObject) ? "queue"
        : "list";
}
