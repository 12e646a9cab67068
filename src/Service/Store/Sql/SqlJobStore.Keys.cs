namespace XVideo.Service.Store.Sql;

/// <content>API keys and what they used.</content>
public abstract partial class SqlJobStore
{
    private const long MillisecondsPerDay = 86_400_000;

    private const string TouchIsDue = $"key_id = @id AND (last_used_at IS NULL OR last_used_at <= {SqlDialect.Now} - 60000)";

    /// <inheritdoc/>
    public Task AddKeyAsync(ApiKey key, CancellationToken cancellationToken = default)
    {
        Arguments.Check(key);
        return Engine.WriteAsync(async session => await KeyRow.InsertAsync(session, key).ConfigureAwait(false) > 0 ? key
            : throw new ArgumentException($"There is a key with the id \"{key.KeyId}\" already. Draw another id.", nameof(key)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ApiKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken = default) =>
        Engine.ReadAsync(session => session.FirstAsync($"SELECT {KeyRow.Columns} FROM api_keys WHERE key_id = @id", KeyRow.Read, ("id", keyId)), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken = default) => await Engine.ReadAsync(session =>
        session.ListAsync($"SELECT {KeyRow.Columns} FROM api_keys WHERE key_id <> @local ORDER BY created_at, key_id", KeyRow.Read, ("local", ApiKey.LocalId)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string keyId, CancellationToken cancellationToken = default) => Engine.WriteAsync(async session =>
        await session.ExecuteAsync($"UPDATE api_keys SET revoked_at = {SqlDialect.Now} WHERE key_id = @id AND key_id <> @local AND revoked_at IS NULL", ("id", keyId), ("local", ApiKey.LocalId)).ConfigureAwait(false) > 0, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReplaceSecretAsync(string keyId, byte[] secretHash, TimeSpan overlap, CancellationToken cancellationToken = default)
    {
        Arguments.CheckSecret(secretHash, overlap);
        var previous = overlap > TimeSpan.Zero ? $"previous_hash = secret_hash, previous_until = {SqlDialect.Now} + @overlap" : "previous_hash = NULL, previous_until = NULL";
        return Engine.WriteAsync(async session => await session.ExecuteAsync(
            $"UPDATE api_keys SET {previous}, secret_hash = @hash WHERE key_id = @id AND key_id <> @local AND revoked_at IS NULL",
            ("id", keyId), ("hash", secretHash), ("overlap", overlap.Milliseconds()), ("local", ApiKey.LocalId)).ConfigureAwait(false) > 0, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task TouchKeyAsync(string keyId, CancellationToken cancellationToken = default)
    {
        // Reads do not wait for one another as writes do, and mostly there is nothing to write.
        if (await Engine.ReadAsync(session => session.NumberAsync($"SELECT 1 FROM api_keys WHERE {TouchIsDue}", ("id", keyId)), cancellationToken).ConfigureAwait(false) is not null)
            await Engine.WriteAsync(session => session.ExecuteAsync($"UPDATE api_keys SET last_used_at = {SqlDialect.Now} WHERE {TouchIsDue}", ("id", keyId)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Usage> GetUsageAsync(string ownerKeyId, CancellationToken cancellationToken = default) => await Engine.ReadAsync(session =>
        session.FirstAsync($"SELECT jobs, running_ms, bytes FROM usage_daily WHERE owner_key_id = @owner AND day = {SqlDialect.Now} / {MillisecondsPerDay}",
            row => new Usage(row.GetInt64(0), TimeSpan.FromMilliseconds(row.GetInt64(1)), row.GetInt64(2)), ("owner", ownerKeyId)), cancellationToken).ConfigureAwait(false) ?? new(0, TimeSpan.Zero, 0);
}
