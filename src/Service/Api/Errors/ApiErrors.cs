using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace XVideo.Service.Api.Errors;

/// <summary>Every refusal of the API in one table: statuses and codes are a contract with clients.</summary>
internal static class ApiErrors
{
    public const string RetryHeader = "x-should-retry";
    public const string PollHeader = "openai-poll-after-ms";

    // One text for absent, malformed, unknown and revoked: a guess must not learn how close it was.
    public static ApiError InvalidKey { get; } = new(StatusCodes.Status401Unauthorized, "invalid_api_key",
        "There is no valid API key in the request. Send the header \"Authorization: Bearer <key>\"; keys are made with: xvideo keys create.")
    {
        Headers = [("WWW-Authenticate", "Bearer")],
    };

    // One text for forged, expired and another video's.
    public static ApiError InvalidToken { get; } = new(StatusCodes.Status401Unauthorized, "invalid_token",
        "The token in the address is not good for this video, or its time is over. Get another with POST /v1/videos/{id}/token, or send the header \"Authorization: Bearer <key>\".")
    {
        Headers = [("WWW-Authenticate", "Bearer")],
    };

    public static ApiError ForeignPage { get; } = new(StatusCodes.Status403Forbidden, "insufficient_permissions",
        "A page of another origin may not use this server, which asks for no API key. Open the page that the server itself offers, or start it with --require-keys.");

    public static ApiError NoSuchRoute(string method, string path) => new(StatusCodes.Status404NotFound, "not_found", $"There is no route {method} {Shorten(path)}. /openapi/v1.json lists all of them.");

    public static ApiError WrongMethod(string method, string path) => new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"{Shorten(path)} does not take {method}. /openapi/v1.json lists what it takes.");

    public static ApiError InvalidBody(string reason) => new(StatusCodes.Status400BadRequest, "invalid_body", $"The body of the request cannot be read: {reason}");

    public static ApiError UnsupportedMediaType(string? got) => new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type",
        $"Content type {(string.IsNullOrEmpty(got) ? "(none)" : Shorten(got))} is not usable: it must be multipart/form-data or application/json.")
    {
        Headers = [("Accept-Post", "multipart/form-data, application/json")],
    };

    public static ApiError TooLarge(long limitInBytes) => new(StatusCodes.Status413PayloadTooLarge, "request_too_large",
        string.Create(CultureInfo.InvariantCulture, $"The body is larger than {limitInBytes:N0} bytes."));

    public static ApiError Missing(string param, string what) => new(StatusCodes.Status400BadRequest, "missing_required_parameter", $"{param} is missing: {what}.", param);

    public static ApiError InvalidValue(string param, string got, string allowed) => new(StatusCodes.Status400BadRequest, "invalid_value", $"{param} {Shorten(got)} is not usable: {allowed}.", param);

    public static ApiError InvalidType(string param, string got, string allowed) => new(StatusCodes.Status400BadRequest, "invalid_type", $"{param} is {got}: it must be {allowed}.", param);

    public static ApiError UnknownParameter(string param, IEnumerable<string> known) => new(StatusCodes.Status400BadRequest, "unknown_parameter",
        $"{Shorten(param)} is not known here. Known: {string.Join(", ", known)}.", Shorten(param));

    public static ApiError ModelNotFound(string model, string served) => new(StatusCodes.Status404NotFound, "model_not_found", $"There is no model \"{Shorten(model)}\" here. This server has: {served}.", "model");

    // The same bytes for unknown, foreign and deleted.
    public static ApiError VideoNotFound { get; } = new(StatusCodes.Status404NotFound, "video_not_found", "There is no such video.", "video_id");

    public static ApiError NotReady(string status, int pollAfterMs) => new(StatusCodes.Status404NotFound, "video_not_ready", $"The video is not ready yet: its status is {status}.", "video_id")
    {
        Headers = [(PollHeader, pollAfterMs.ToString(CultureInfo.InvariantCulture))],
    };

    public static ApiError VideoFailed(string reason) => new(StatusCodes.Status404NotFound, "video_failed", $"There is no video, because its job failed: {reason}", "video_id");

    public static ApiError VideoExpired { get; } = new(StatusCodes.Status404NotFound, "video_expired", "The video was kept for a while and is deleted now. Create it again: its settings and seed are still shown.", "video_id");

    public static ApiError VariantNotAvailable(string variant) => new(StatusCodes.Status404NotFound, "variant_not_available", $"This video has no {variant}.", "variant");

    public static ApiError PreviewNotAvailable { get; } = new(StatusCodes.Status404NotFound, "preview_not_available",
        "There is no preview: ask for them with preview_every_steps when creating a video, and wait for that many steps.", "video_id");

    public static ApiError NotCompleted(string status) => new(StatusCodes.Status400BadRequest, "video_not_completed", $"Only a completed video can be remixed; the status of this one is {status}.", "video_id");

    public static ApiError NotCancellable(string status) => new(StatusCodes.Status409Conflict, "video_not_cancellable", $"The video is {status} already.", "video_id") { IsFinal = true };

    public static ApiError KeyReused { get; } = new(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
        "This Idempotency-Key came with another request before. Use a new key for a new request.", "Idempotency-Key");

    public static ApiError MissingScope(string scope) => new(StatusCodes.Status403Forbidden, "insufficient_permissions", $"This API key lacks the scope {scope}.");

    public static ApiError RateLimited(TimeSpan retryAfter) => new(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", "Too many requests for this API key. Wait for as long as Retry-After says.",
        Type: ApiError.RateLimit) { RetryAfter = retryAfter };

    public static ApiError TooManyStreams(int most) => new(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", $"Too many event streams are open; an API key may have {most} at a time. Close one first.",
        Type: ApiError.RateLimit) { RetryAfter = TimeSpan.FromSeconds(5) };

    public static ApiError TooManyWaiters(int most) => new(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded",
        $"Too many calls wait for their video; an API key may have {most} at a time. Create videos with POST /v1/videos instead: that does not wait.", Type: ApiError.RateLimit) { RetryAfter = TimeSpan.FromSeconds(5) };

    // Whoever repeats the call gets another video made: that is for people to decide.
    public static ApiError JobFailed(string code, string message) => code switch
    {
        "canceled" => new(StatusCodes.Status409Conflict, code, message) { IsFinal = true },
        "invalid_request" or "out_of_memory" => new(StatusCodes.Status400BadRequest, code, message) { IsFinal = true },
        "timeout" => new(StatusCodes.Status504GatewayTimeout, code, message, Type: ApiError.Server) { IsFinal = true },
        _ => new(StatusCodes.Status500InternalServerError, code, message, Type: ApiError.Server) { IsFinal = true },
    };

    public static ApiError QueueFull(string which, TimeSpan retryAfter) => new(StatusCodes.Status429TooManyRequests, "queue_full", $"{which} Wait for as long as Retry-After says.", Type: ApiError.RateLimit) { RetryAfter = retryAfter };

    public static ApiError QuotaUsed(long seconds) => new(StatusCodes.Status429TooManyRequests, "insufficient_quota",
        string.Create(CultureInfo.InvariantCulture, $"The {seconds} seconds of computing that this API key has for a day are used up. The day ends at midnight UTC."), Type: "insufficient_quota") { IsFinal = true };

    public static ApiError Unavailable(string why) => new(StatusCodes.Status503ServiceUnavailable, "service_unavailable", why, Type: ApiError.Server) { RetryAfter = TimeSpan.FromSeconds(30) };

    public static ApiError NoStorage { get; } = new(StatusCodes.Status503ServiceUnavailable, "insufficient_storage", "The server's disk is almost full; it takes no new work until there is space again.",
        Type: ApiError.Server) { RetryAfter = TimeSpan.FromSeconds(30) };

    public static ApiError NotImplemented(string what) => new(StatusCodes.Status501NotImplemented, "not_implemented", $"This server cannot do that yet: {what}.") { IsFinal = true };

    public static ApiError Internal { get; } = new(StatusCodes.Status500InternalServerError, "internal_error", "The server made a mistake; its log has the details under the id in the header x-request-id.", Type: ApiError.Server);

    internal static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
