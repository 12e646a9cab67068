namespace XVideo.Service.Api.Requests;

/// <summary>The body of a remix, as the OpenAPI document shows it; <see cref="CreateRequestReader"/> reads it.</summary>
/// <param name="Prompt">What the variation shows.</param>
public sealed record RemixBody(string Prompt);
