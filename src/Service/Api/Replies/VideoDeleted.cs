namespace XVideo.Service.Api.Replies;

/// <summary>A video that is gone.</summary>
/// <param name="Id">Of the video.</param>
public sealed record VideoDeleted(string Id)
{
    /// <summary>Always <c>video.deleted</c>.</summary>
    public string Object { get; } = "video.deleted";

    /// <summary>Always true.</summary>
    public bool Deleted { get; } = true;
}
