using System.Collections.Concurrent;
using Npgsql;
using XVideo.Service.Store;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

/// <summary>The stores of the servers that tests start: SQLite files, or databases of the tests' PostgreSQL in a test class that says so.</summary>
internal static class ApiStores
{
    private static readonly AsyncLocal<bool> OnPostgres = new();
    private static readonly ConcurrentDictionary<string, string> Databases = [];
    private static readonly ConcurrentBag<string> Free = [];
    private static int _count;

    /// <summary>For the test that runs now. To be called by the constructor of its class.</summary>
    public static void UsePostgres() => OnPostgres.Value = true;

    /// <summary>Opens the store that belongs to a folder: a second server of the same folder shares it.</summary>
    public static async Task<IJobStore> OpenAsync(string folder) => OnPostgres.Value
        ? await PostgresJobStore.OpenAsync(new PostgresJobStoreOptions { ConnectionString = await DatabaseAsync(folder) })
        : await SqliteJobStore.OpenAsync(new SqliteJobStoreOptions { Path = Path.Combine(folder, "jobs.db") }, TimeProvider.System);

    /// <summary>Gives back the store of a folder that is about to go.</summary>
    public static async Task ForgetAsync(string folder)
    {
        if (!Databases.TryRemove(folder, out var database)) return;
        await using var connection = new NpgsqlConnection((await PostgresServer.SharedAsync()).ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        // Emptied, for the next test: quicker by far than making another.
        await using var command = new NpgsqlCommand($"TRUNCATE jobs, usage_daily, workers CASCADE; DELETE FROM api_keys WHERE key_id <> '{ApiKey.LocalId}'", connection);
        await command.ExecuteNonQueryAsync();
        Free.Add(database);
    }

    private static async Task<string> DatabaseAsync(string folder)
    {
        var server = await PostgresServer.SharedAsync();
        if (!Databases.ContainsKey(folder))
        {
            if (!Free.TryTake(out var database)) await server.ExecuteAsync($"CREATE DATABASE {database = $"api_{Interlocked.Increment(ref _count)}"}");
            Databases[folder] = database;
        }
        return server.ConnectionString(Databases[folder]);
    }
}
