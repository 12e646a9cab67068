namespace XVideo.Service.Store.Sql;

/// <summary>The store in SQL: every statement, for both databases. This part holds what belongs to the database itself.</summary>
public abstract partial class SqlJobStore : IJobStore
{
    private protected SqlJobStore(SqlEngine engine) => Engine = engine;

    internal SqlEngine Engine { get; }

    /// <inheritdoc/>
    public event Action<string>? CancelHinted
    {
        add => Engine.CancelHinted += value;
        remove => Engine.CancelHinted -= value;
    }

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken cancellationToken = default)
    {
        await Engine.WriteAsync(session => session.ExecuteAsync($"UPDATE schema_version SET probed_at = {SqlDialect.Now}"), cancellationToken).ConfigureAwait(false);
        var version = await Engine.ReadAsync(session => session.NumberAsync("SELECT version FROM schema_version"), cancellationToken).ConfigureAwait(false);
        Migrations.Check(version ?? 0);
    }

    /// <inheritdoc/>
    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken = default) => Engine.WaitForWorkAsync(atMost, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }
}
