using System.Text;
using System.Text.Json;
using XVideo.Pipeline.Requests;

namespace XVideo.Service.Store.Sql;

/// <summary>What the tables would refuse with a message of theirs is refused here with one of ours.</summary>
internal static class Arguments
{
    private const int HashBytes = 32, MaxIdempotencyKey = 255;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Check(NewJob job)
    {
        Require(JobId.IsWellFormed(job.Id), nameof(job), $"The job's id is \"{job.Id}\"; it must be \"{JobId.Prefix}\" and 32 hexadecimal digits in lower case. Leave it out to have one drawn.");
        Require(job.MaxAttempts > 0, nameof(job), $"MaxAttempts is {job.MaxAttempts}; it must be 1 or more.");
        Require(job.Seed is >= 0 and <= RequestRules.MaximumSeed, nameof(job), $"Seed is {job.Seed}; it must be 0 to {RequestRules.MaximumSeed}.");
        Require(job.CostUnits >= 0, nameof(job), $"CostUnits is {job.CostUnits}; it must be 0 or more.");
        Require(job.IdempotencyKey is null or { Length: > 0 and <= MaxIdempotencyKey }, nameof(job), $"The idempotency key has {job.IdempotencyKey?.Length} characters; it must have 1 to {MaxIdempotencyKey}.");
        Hash(job.RequestHash, "RequestHash");
        CheckText(job.Prompt, "Prompt");
        CheckText(job.Model, "Model");
        CheckText(job.IdempotencyKey, "IdempotencyKey");
        foreach (var word in job.UnknownWords ?? [])
        {
            Require(word.Length > 0 && !word.Contains(' '), nameof(job), $"UnknownWords has \"{word}\"; each must have at least one character and no space.");
            CheckText(word, "UnknownWords");
        }
        Json(job.Parameters, "Parameters");
    }

    public static void Check(ApiKey key)
    {
        Require(key.KeyId.Length > 0, nameof(key), "The key's id is empty; it must have at least one character.");
        Require(key.Scopes.All(scope => scope.Length > 0 && !scope.Contains(' ')), nameof(key), $"The scopes are \"{string.Join("\", \"", key.Scopes)}\"; each must have at least one character and no space.");
        Require(key.MaxQueued > 0 && key.MaxRunning > 0, nameof(key), $"MaxQueued is {key.MaxQueued} and MaxRunning {key.MaxRunning}; both must be 1 or more. Revoke a key that may do nothing.");
        Hash(key.SecretHash, "SecretHash");
        CheckText(key.Label, "Label");
    }

    public static void CheckSecret(byte[] hash, TimeSpan overlap)
    {
        Hash(hash, "The new secret's hash");
        Require(overlap >= TimeSpan.Zero, nameof(overlap), $"overlap is {overlap}; it must not be negative.");
    }

    public static void Check(IReadOnlyList<Artifact> artifacts)
    {
        var variants = string.Join(", ", artifacts.Select(artifact => artifact.Variant));
        Require(artifacts.Count > 0, nameof(artifacts), "A publication has no artifact; it must have at least one.");
        Require(artifacts.DistinctBy(artifact => artifact.Variant).Count() == artifacts.Count, nameof(artifacts), $"A publication has the variants {variants}; each may occur once.");
        foreach (var artifact in artifacts) Hash(artifact.Sha256, $"Sha256 of \"{artifact.Path}\"");
    }

    public static void Check(AttemptReport? report)
    {
        if (report?.Timings is { } timings) Json(timings, "Timings");
    }

    public static void Positive(TimeSpan span, string name) => Require(span >= TimeSpan.FromMilliseconds(1), name, $"{name} is {span}; it must be at least one millisecond.");

    public static void Positive(long number, string name) => Require(number > 0, name, $"{name} is {number}; it must be 1 or more.");

    private static void Hash(byte[] hash, string name) => Require(hash.Length == HashBytes, name, $"{name} has {hash.Length} bytes; a SHA-256 has {HashBytes}.");

    // PostgreSQL keeps no NUL in a text, and neither database what is not Unicode.
    private static void CheckText(string? text, string name)
    {
        if (text is null) return;
        Require(!text.Contains('\0'), name, $"{name} has a NUL character at {text.IndexOf('\0')}; remove it.");
        Strict.GetByteCount(text);
    }

    private static void Json(string text, string name)
    {
        CheckText(text, name);
        try
        {
            using var _ = JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"{name} is no JSON: {error.Message}", name, error);
        }
    }

    private static void Require(bool isMet, string name, string message)
    {
        if (!isMet) throw new ArgumentException(message, name);
    }
}
