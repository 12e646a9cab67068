using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace XVideo.Service.Api.Security;

/// <summary>The text of an API key: <c>vg_</c>, 12 letters and digits that name it, <c>_</c>, and 43 that prove it.</summary>
public static class ApiKeySecret
{
    private const string Prefix = "vg_";
    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const int SecretLength = 43; // of their base64
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>A new key. The secret is random, so a fast hash is enough to keep it.</summary>
    /// <param name="pepper">As in <see cref="ServiceOptions.Pepper"/>.</param>
    /// <returns>The text for its user, to be shown once, and what the store keeps.</returns>
    public static (string Text, string KeyId, byte[] Hash) Create(ReadOnlySpan<byte> pepper)
    {
        var id = RandomNumberGenerator.GetString(IdLetters, IdLength);
        var (text, hash) = Renew(pepper, id);
        return (text, id, hash);
    }

    /// <summary>Another secret for a key that there is.</summary>
    /// <param name="pepper">As in <see cref="ServiceOptions.Pepper"/>.</param>
    /// <param name="keyId">Its id, as <see cref="Create"/> gave it.</param>
    /// <returns>The text for its user, to be shown once, and what the store keeps.</returns>
    public static (string Text, byte[] Hash) Renew(ReadOnlySpan<byte> pepper, string keyId)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{Prefix}{keyId}_{secret}", Hash(pepper, secret));
    }

    /// <summary>Takes a text apart; false when it has not the form of a key.</summary>
    internal static bool TryParse(string text, out string keyId, out string secret)
    {
        const int secretStart = 3 + IdLength + 1;
        var isKey = text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == secretStart + SecretLength && text[secretStart - 1] == '_';
        (keyId, secret) = isKey ? (text.Substring(Prefix.Length, IdLength), text[secretStart..]) : ("", "");
        return isKey;
    }

    /// <summary>HMAC-SHA256 of a secret, 32 bytes.</summary>
    internal static byte[] Hash(ReadOnlySpan<byte> pepper, string secret) => HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(secret));
}
