namespace XVideo.Service.Store.Sql;

/// <summary>A database: units of work, and word of them to those who wait. The statements are the same for all; how they are run is not.</summary>
internal abstract class SqlEngine : IAsyncDisposable
{
    private readonly WorkSignal signal = new();

    public event Action<string>? CancelHinted;

    /// <summary>Whether all processes must be on one machine.</summary>
    public abstract bool IsSingleHost { get; }

    /// <summary>Runs a unit of work in one transaction: all of it is durable when this returns, or none of it is. It may be run again after a passing failure.</summary>
    /// <exception cref="JobStoreException">The database could not.</exception>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs queries, each of which sees what is committed when it begins.</summary>
    /// <exception cref="JobStoreException">The database could not.</exception>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Within a transaction: keeps other creates waiting until it ends, so that counts of the queue stay true.</summary>
    public abstract Task LockQueueAsync(SqlSession session);

    /// <summary>Within a transaction: makes this process the only reaper until it ends. False if another is.</summary>
    public abstract Task<bool> TryLeadAsync(SqlSession session);

    /// <summary>Gives back space and looks after indexes, after rows were removed.</summary>
    public abstract Task TidyAsync(CancellationToken cancellationToken);

    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellationToken) => signal.WaitAsync(atMost, cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected void AnnounceWork() => signal.Pulse();

    protected void AnnounceCancel(string id) => CancelHinted?.Invoke(id);
}
