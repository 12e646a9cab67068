namespace XVideo.Service.Api.Documents;

/// <summary>Marks a route that answers with bytes.</summary>
/// <param name="ContentTypes">Of which they may be.</param>
internal sealed record RouteFile(IReadOnlyList<string> ContentTypes);
