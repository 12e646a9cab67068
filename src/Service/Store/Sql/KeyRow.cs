using System.Data.Common;

namespace XVideo.Service.Store.Sql;

/// <summary>A row of <c>api_keys</c>.</summary>
internal static class KeyRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns = "key_id, secret_hash, label, scopes, created_at, last_used_at, revoked_at, rpm_create, rpm_read, max_queued, max_running, gpu_seconds_per_day, previous_hash, previous_until";

    public static ApiKey Read(DbDataReader row) => new()
    {
        KeyId = row.GetString(0),
        SecretHash = row.Bytes(1),
        Label = row.GetString(2),
        Scopes = row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        CreatedAt = row.Time(4),
        LastUsedAt = row.TimeOrNull(5),
        RevokedAt = row.TimeOrNull(6),
        CreatesPerMinute = row.Int(7),
        ReadsPerMinute = row.Int(8),
        MaxQueued = row.Int(9),
        MaxRunning = row.Int(10),
        GpuSecondsPerDay = row.Number(11),
        PreviousHash = row.IsDBNull(12) ? null : row.Bytes(12),
        PreviousUntil = row.TimeOrNull(13),
    };

    /// <returns>Rows added: 0 if the id is taken.</returns>
    public static Task<int> InsertAsync(SqlSession session, ApiKey key) => session.ExecuteAsync(
        "INSERT INTO api_keys (key_id, secret_hash, label, scopes, created_at, rpm_create, rpm_read, max_queued, max_running, gpu_seconds_per_day) "
        + $"VALUES (@id, @hash, @label, @scopes, {SqlDialect.Now}, @creates, @reads, @queued, @running, @seconds) ON CONFLICT (key_id) DO NOTHING",
        ("id", key.KeyId), ("hash", key.SecretHash), ("label", key.Label), ("scopes", string.Join(' ', key.Scopes)), ("creates", key.CreatesPerMinute),
        ("reads", key.ReadsPerMinute), ("queued", key.MaxQueued), ("running", key.MaxRunning), ("seconds", key.GpuSecondsPerDay));
}
