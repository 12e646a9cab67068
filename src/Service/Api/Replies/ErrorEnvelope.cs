namespace XVideo.Service.Api.Replies;

/// <summary>The body of every refusal.</summary>
/// <param name="Error">What went wrong.</param>
public sealed record ErrorEnvelope(ErrorBody Error);
