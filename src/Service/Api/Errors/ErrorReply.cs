using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using XVideo.Service.Api.Replies;

namespace XVideo.Service.Api.Errors;

/// <summary>Writes the error envelope.</summary>
internal static class ErrorReply
{
    /// <summary>Replaces whatever was going to be answered; the response must not have started.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.Headers.CacheControl = "no-store";
        // Whole seconds, rounded up: the clients come back no earlier than that.
        if (error.RetryAfter is { } wait) response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        if (error.IsFinal) response.Headers[ApiErrors.RetryHeader] = "false";
        foreach (var (name, value) in error.Headers) response.Headers[name] = value;
        var body = JsonSerializer.SerializeToUtf8Bytes(new ErrorEnvelope(new ErrorBody(error.Message, error.Type, error.Param, error.Code)), ApiJson.Readable.ErrorEnvelope);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
