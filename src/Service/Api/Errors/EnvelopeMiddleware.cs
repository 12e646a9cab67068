using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using XVideo.Service.Observe;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Errors;

/// <summary>Gives every request an id, and every refusal under /v1 the envelope: those of the framework, which have no body, and what was thrown.</summary>
internal sealed partial class EnvelopeMiddleware(RequestDelegate next, ServiceMetrics metrics, ILogger<EnvelopeMiddleware> log)
{
    public const string RequestIdHeader = "x-request-id";

    public async Task InvokeAsync(HttpContext context)
    {
        context.TraceIdentifier = $"req_{Guid.NewGuid():n}";
        context.Response.Headers[RequestIdHeader] = context.TraceIdentifier;
        using var scope = log.BeginScope(LogScope.Request(context.TraceIdentifier));
        try
        {
            await AnswerAsync(context);
        }
        finally
        {
            RequestSpan.Describe(context);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // nobody listens any more
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            var refusal = Explain(context, error);
            metrics.Rejected(refusal);
            await ErrorReply.WriteAsync(context, refusal);
            return;
        }
        if (IsBare(context.Response) && context.Request.Path.StartsWithSegments("/v1")) await ErrorReply.WriteAsync(context, OfFramework(context));
    }

    private ApiError Explain(HttpContext context, Exception error)
    {
        switch (error)
        {
            case ApiException refused:
                return refused.Error;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ApiErrors.TooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0);
            case BadHttpRequestException bad:
                return ApiErrors.InvalidBody(bad.Message);
            case JobStoreException { Problem: JobStoreProblem.DiskFull }:
                return ApiErrors.NoStorage;
            case JobStoreException { Problem: JobStoreProblem.Unavailable }:
                LogStoreAway(error, context.TraceIdentifier);
                return ApiErrors.Unavailable("The server cannot reach its queue at the moment.");
            default:
                LogMistake(error, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return ApiErrors.Internal;
        }
    }

    private static bool IsBare(HttpResponse response) => response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0 };

    private static ApiError OfFramework(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiErrors.NoSuchRoute(method, path),
            StatusCodes.Status405MethodNotAllowed => ApiErrors.WrongMethod(method, path),
            StatusCodes.Status415UnsupportedMediaType => ApiErrors.UnsupportedMediaType(context.Request.ContentType),
            StatusCodes.Status416RangeNotSatisfiable => new(StatusCodes.Status416RangeNotSatisfiable, "invalid_range", "The range lies outside of the file; Content-Range says how long that is.", "Range"),
            var status => new(status, "invalid_request", $"The request was refused with status {status}."),
        };
    }

    [LoggerMessage(1001, LogLevel.Error, "{Method} {Path} failed ({RequestId})")]
    private partial void LogMistake(Exception error, string method, PathString path, string requestId);

    [LoggerMessage(1002, LogLevel.Warning, "The store does not answer ({RequestId})")]
    private partial void LogStoreAway(Exception error, string requestId);
}
