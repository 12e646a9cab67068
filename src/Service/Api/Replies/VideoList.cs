namespace XVideo.Service.Api.Replies;

/// <summary>A page of videos.</summary>
/// <param name="Data">In the order that was asked for.</param>
/// <param name="FirstId">Of the first one; null when there is none.</param>
/// <param name="LastId">Of the last one: <c>after</c> of the next page.</param>
/// <param name="HasMore">Whether there is a next page.</param>
public sealed record VideoList(IReadOnlyList<VideoObject> Data, string? FirstId, string? LastId, bool HasMore)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; } = "list";
}
