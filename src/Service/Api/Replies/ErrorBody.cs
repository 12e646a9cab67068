namespace XVideo.Service.Api.Replies;

/// <summary>What went wrong with a request.</summary>
/// <param name="Message">For people.</param>
/// <param name="Type">The family of the code, for example <c>invalid_request_error</c>.</param>
/// <param name="Param">The field at fault, or <see langword="null"/>.</param>
/// <param name="Code">For programs, for example <c>invalid_value</c>.</param>
public sealed record ErrorBody(string Message, string Type, string? Param, string Code);
