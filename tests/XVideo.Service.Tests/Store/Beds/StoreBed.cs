using System.Data.Common;
using XVideo.Service.Store;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Tests.Store;

/// <summary>An empty database of its own, whose clock the test moves.</summary>
public abstract class StoreBed : IAsyncDisposable
{
    private readonly List<IJobStore> opened = [];

    /// <summary>Another instance over the same database: as another process would have.</summary>
    public async Task<IJobStore> OpenAsync()
    {
        var store = await OpenStoreAsync();
        opened.Add(store);
        return store;
    }

    internal abstract SqlDialect Dialect { get; }

    public abstract Task AdvanceAsync(TimeSpan by);

    /// <summary>Makes a database without the store's tables, but with what a store makes before them.</summary>
    public abstract Task MakeEmptyAsync();

    /// <summary>A connection past the store.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    public async Task<List<T>> QueryAsync<T>(string text, Func<DbDataReader, T> read)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    public async Task ExecuteAsync(string text)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IJobStore> OpenStoreAsync();

    protected abstract Task RemoveAsync();
}
