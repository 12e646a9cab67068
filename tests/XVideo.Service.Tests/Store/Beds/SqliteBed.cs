using System.Data.Common;
using Microsoft.Data.Sqlite;
using XVideo.Service.Store;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Tests.Store;

/// <summary>A SQLite file in a folder of its own.</summary>
public sealed class SqliteBed : StoreBed
{
    internal ManualTime Time { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("xvideo-store-").FullName;

    public string File => Path.Combine(Folder, "jobs.db");

    internal override SqlDialect Dialect => SqlDialect.Sqlite;

    // Connecting makes the file.
    public override Task MakeEmptyAsync() => Task.CompletedTask;

    public override Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        return Task.CompletedTask;
    }

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=5");
        await connection.OpenAsync();
        return connection;
    }

    // Two stores that write at once wait for one another, and for long where the machine has other work.
    protected override async Task<IJobStore> OpenStoreAsync() => await SqliteJobStore.OpenAsync(new() { Path = File, BusyTimeout = TimeSpan.FromSeconds(60) }, Time);

    protected override Task RemoveAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
