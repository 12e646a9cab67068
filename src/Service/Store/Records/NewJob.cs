namespace XVideo.Service.Store;

/// <summary>A job to be accepted. Everything that decides the frames is resolved by now, the seed included.</summary>
public sealed record NewJob
{
    /// <summary>See <see cref="JobId"/>; drawn by default. Two creates of one id give one job.</summary>
    public string Id { get; init; } = JobId.New();

    /// <summary>An existing key's id, or <see cref="ApiKey.LocalId"/>.</summary>
    public required string OwnerKeyId { get; init; }

    /// <summary>The served model's id.</summary>
    public required string Model { get; init; }

    /// <summary>The prompt as sent.</summary>
    public required string Prompt { get; init; }

    /// <summary>The complete resolved request: a JSON text, kept as it is.</summary>
    public required string Parameters { get; init; }

    /// <summary>SHA-256 of the request as sent (before the seed is drawn), 32 bytes.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>0…2⁵³−1: every JSON reader keeps it exactly.</summary>
    public required long Seed { get; init; }

    /// <summary>Pixels · frames · steps / 10⁹; not negative.</summary>
    public required long CostUnits { get; init; }

    /// <summary>Whether the model does not see the end of the prompt; <see langword="null"/>, the default, when nobody looked.</summary>
    public bool? IsPromptTruncated { get; init; }

    /// <summary>Words of the prompt that the model does not know, each without white space; <see langword="null"/>, the default, when nobody looked.</summary>
    public IReadOnlyList<string>? UnknownWords { get; init; }

    /// <summary>Higher goes first; 0 by default.</summary>
    public int Priority { get; init; }

    /// <summary>Attempts before it is given up, 1 or more; 3 by default.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The job this is a remix of.</summary>
    public string? RemixedFrom { get; init; }

    /// <summary>W3C trace context of the creating request.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The client's <c>Idempotency-Key</c>, 1–255 characters, remembered per owner for 24 hours; <see langword="null"/> if it sent none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// The client says that it sends this request again (retry count 1 or more) without an idempotency key: a job with the same owner and hash that
    /// was created in the last 120 seconds, and that nobody cancelled or deleted, is then taken for the one meant.
    /// </summary>
    public bool IsRetry { get; init; }
}
