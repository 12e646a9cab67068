namespace XVideo.Service.Api.Replies;

/// <summary>Whether a server can work.</summary>
/// <param name="Status"><c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Checks">Every check with <c>ok</c> or what is wrong.</param>
public sealed record HealthObject(string Status, IReadOnlyDictionary<string, string> Checks);
