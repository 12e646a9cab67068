namespace XVideo.Service.Api.Replies;

/// <summary>There is a new preview.</summary>
/// <param name="Step">After which it was made.</param>
/// <param name="Url">Path where it is fetched.</param>
public sealed record PreviewEvent(int Step, string Url);
