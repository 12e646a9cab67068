namespace XVideo.Service.Api.Errors;

/// <summary>One refusal, as every client of the API sees it.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Code">For programs: <c>invalid_value</c>, <c>video_not_found</c>, …</param>
/// <param name="Message">For people: what was wrong, what we got, what is allowed.</param>
/// <param name="Param">The field at fault, or <see langword="null"/>.</param>
/// <param name="Type">The family of the code.</param>
internal sealed record ApiError(int Status, string Code, string Message, string? Param = null, string Type = ApiError.InvalidRequest)
{
    /// <summary>The client asked for something that cannot be.</summary>
    public const string InvalidRequest = "invalid_request_error";

    /// <summary>The client asks too often, or there is too much waiting already.</summary>
    public const string RateLimit = "rate_limit_error";

    /// <summary>It is the server's fault or state.</summary>
    public const string Server = "server_error";

    /// <summary>When to try again; <see langword="null"/>: nothing is said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the official clients must be told not to repeat the call: they repeat every 409, 429 and 5xx blindly.</summary>
    public bool IsFinal { get; init; }

    /// <summary>More response headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
