namespace XVideo.Service.Store;

/// <summary>Who may use the service, and how much. The secret is not here, only its hash.</summary>
public sealed record ApiKey
{
    /// <summary>The owner of jobs where no keys are used; exists in every store, has no limits, cannot be revoked, and its empty hash equals no secret's.</summary>
    public const string LocalId = "local";

    /// <summary>The public part of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>HMAC-SHA256 of the secret, 32 bytes; empty for <see cref="LocalId"/>.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Hash of the secret before this one; <see langword="null"/> if there is none. It is as good as <see cref="SecretHash"/> until <see cref="PreviousUntil"/>.</summary>
    public byte[]? PreviousHash { get; init; }

    /// <summary>Set by the store.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>For people.</summary>
    public required string Label { get; init; }

    /// <summary>For example <c>videos:read</c>, <c>videos:write</c>, <c>admin</c>; without spaces.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Set by the store.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>To the minute; <see langword="null"/> if never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Since when it is refused; <see langword="null"/> while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Creates a minute; 10 by default.</summary>
    public int CreatesPerMinute { get; init; } = 10;

    /// <summary>Reads a minute; 600 by default.</summary>
    public int ReadsPerMinute { get; init; } = 600;

    /// <summary>Jobs that may wait at once, 1 or more; 20 by default.</summary>
    public int MaxQueued { get; init; } = 20;

    /// <summary>Jobs that may run at once, 1 or more; 2 by default.</summary>
    public int MaxRunning { get; init; } = 2;

    /// <summary>Seconds of running a day (UTC); <see langword="null"/>, the default, for any number.</summary>
    public long? GpuSecondsPerDay { get; init; }
}
