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
        if (Parse(authorization) is not { } said) return null;
        var (id, hash) = said;
        if (Known(id) is { } known && IsRight(known, hash)) return new Caller(known);
        // A wrong secret of a known key costs the same query as an unknown key, so that the time of an answer tells nothing. And the secret may be new.
        var key = await store.FindKeyAsync(id, cancellation);
        if (!IsRight(key, hash) || key is not { RevokedAt: null }) return null;
        await RememberAsync(key, cancellation);
        return new Caller(key);
    }

    /// <summary>The same for keys that were used within the last half minute; never asks the store.</summary>
    public Caller? Recall(string? authorization) => Parse(authorization) is { } said && Known(said.Id) is { } known && IsRight(known, said.Hash) ? new Caller(known) : null;

    /// <summary>The key of this id, for a caller that has proved already that it knows the key; <see langword="null"/> for unknown and revoked ones.</summary>
    public async Task<Caller?> FindByIdAsync(string id, CancellationToken cancellation) =>
        (Known(id) ?? await store.FindKeyAsync(id, cancellation)) is { RevokedAt: null } key ? new Caller(key) : null;

    private (string Id, byte[] Hash)? Parse(string? authorization)
    {
        const string scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        return ApiKeySecret.TryParse(authorization[scheme.Length..].Trim(), out var id, out var secret) ? (id, ApiKeySecret.Hash(options.Pepper.Span, secret)) : null;
    }

    private ApiKey? Known(string id) => _known.TryGetValue(id, out var entry) && entry.Until > time.GetUtcNow() ? entry.Key : null;

    // Both comparisons are always made, also for a key that there is not.
    private bool IsRight(ApiKey? key, byte[] hash)
    {
        var isCurrent = CryptographicOperations.FixedTimeEquals(hash, key?.SecretHash is { Length: > 0 } current ? current : NoHash);
        var isPrevious = CryptographicOperations.FixedTimeEquals(hash, key?.PreviousHash ?? NoHash) & key?.PreviousUntil > time.GetUtcNow();
        return key is not null && (isCurrent | isPrevious);
    }

    private async Task RememberAsync(ApiKey key, CancellationToken cancellation)
    {
        if (_known.Count >= MostRemembered) _known.Clear();
        _known[key.KeyId] = (key, time.GetUtcNow() + Remembered);
        await store.TouchKeyAsync(key.KeyId, cancellation);
    }
}
