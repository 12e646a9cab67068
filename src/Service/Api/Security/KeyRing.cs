using System.Collections.Concurrent;
using System.Security.Cryptography;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Security;

/// <summary>Recognises API keys. A good one is remembered for a while, so that reads need no query for it; a revoked one ends after that while at the latest.</summary>
internal sealed class KeyRing(IJobStore store, ServiceOptions options, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private static readonly byte[] NoHash = new byte[HMACSHA256.HashSizeInBytes];
    private readonly ConcurrentDictionary<string, (ApiKey Key, DateTimeOffset Until)> _known = [];

    /// <summary>Whose key it is; <see langword="null"/> for absent, malformed, unknown, wrong and revoked alike.</summary>
    /// <param name="authorization">The header of that name.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<Caller?> FindAsync(string? authorization, CancellationToken cancellation)
    {
        const string scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        if (!ApiKeySecret.TryParse(authorization[scheme.Length..].Trim(), out var id, out var secret)) return null;
        var key = await LookUpAsync(id, cancellation);
        // An unknown key takes the same path, so that its answer takes as long.
        var isRight = CryptographicOperations.FixedTimeEquals(ApiKeySecret.Hash(options.Pepper.Span, secret), key?.SecretHash is { Length: > 0 } hash ? hash : NoHash);
        if (!isRight || key is null || key.RevokedAt is not null) return null;
        await RememberAsync(key, cancellation);
        return new Caller(key);
    }

    private async Task<ApiKey?> LookUpAsync(string id, CancellationToken cancellation) =>
        _known.TryGetValue(id, out var entry) && entry.Until > time.GetUtcNow() ? entry.Key : await store.FindKeyAsync(id, cancellation);

    private async Task RememberAsync(ApiKey key, CancellationToken cancellation)
    {
        if (_known.TryGetValue(key.KeyId, out var entry) && entry.Until > time.GetUtcNow()) return;
        if (_known.Count >= MostRemembered) _known.Clear();
        _known[key.KeyId] = (key, time.GetUtcNow() + Remembered);
        await store.TouchKeyAsync(key.KeyId, cancellation);
    }
}
