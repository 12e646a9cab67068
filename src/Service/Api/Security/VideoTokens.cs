using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace XVideo.Service.Api.Security;

/// <summary>
/// Tokens that stand in an address where no header can be sent: an event source, a video element. Each is good for one video and ten minutes, only for
/// reading, and only while the key that asked for it is good. Every process with the same pepper knows them.
/// </summary>
internal sealed class VideoTokens(ServiceOptions options, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    // Without keys there is no pepper, and tokens are asked for by nobody but pages that treat all servers alike.
    private readonly byte[] _key = options.Pepper.Length > 0 ? options.Pepper.ToArray() : RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>A token for a video that its caller may see.</summary>
    public (string Text, DateTimeOffset ExpiresAt) Create(string videoId, Caller caller)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + Life).ToUnixTimeSeconds());
        return (string.Create(CultureInfo.InvariantCulture, $"{end.ToUnixTimeSeconds()}.{caller.Id}.{Sign(videoId, caller.Id, end.ToUnixTimeSeconds())}"), end);
    }

    /// <summary>The id of the key that asked for a token; <see langword="null"/> if it is forged, expired or another video's.</summary>
    public string? FindKey(string token, string videoId)
    {
        if (token.Split('.') is not [var end, var keyId, var sign] || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        var isOurs = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sign), Encoding.UTF8.GetBytes(Sign(videoId, keyId, seconds)));
        return isOurs && seconds > time.GetUtcNow().ToUnixTimeSeconds() ? keyId : null;
    }

    // The scope is part of it, so that a later kind of token cannot be passed off as this one; no secret of a key begins so.
    private string Sign(string videoId, string keyId, long end) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"token\nread\n{videoId}\n{keyId}\n{end}"))));
}
