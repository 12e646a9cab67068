namespace XVideo.Service.Api.Replies;

/// <summary>What opens events, preview and content of one video without a key.</summary>
/// <param name="Token">For <c>?token=</c>.</param>
/// <param name="VideoId">The video.</param>
/// <param name="ExpiresAt">When it ends, unix seconds.</param>
public sealed record TokenObject(string Token, string VideoId, long ExpiresAt)
{
    /// <summary>Always <c>video.token</c>.</summary>
    public string Object { get; } = "video.token";
}
