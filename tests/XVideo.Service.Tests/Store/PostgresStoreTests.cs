using System.Diagnostics;
using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

/// <summary>What only a PostgreSQL store has: a server that may stop, and announcements to other processes.</summary>
[NeedsPostgres]
public sealed class PostgresStoreTests
{
    [StoreFact]
    public async Task Announcements_FromAnotherProcess_Arrive()
    {
        await using var bed = new PostgresBed(await PostgresServer.SharedAsync());
        var (here, there) = (await bed.OpenAsync(), await bed.OpenAsync());
        await QuietAsync(here);
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        here.CancelHinted += id => told.TrySetResult(id);
        var waiting = here.WaitForWorkAsync(TimeSpan.FromMinutes(10));
        var job = await there.CreateAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        await here.ClaimAsync();
        await there.CancelAsync(job.Id, null);
        Assert.Equal(job.Id, await told.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [StoreFact]
    public async Task Listener_ConnectionDropped_ListensAgain()
    {
        await using var bed = new PostgresBed(await PostgresServer.SharedAsync());
        var (here, there) = (await bed.OpenAsync(), await bed.OpenAsync());
        await QuietAsync(here);
        await bed.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'bed'");
        // Once for the connection made anew, then for the job.
        await here.WaitForWorkAsync(TimeSpan.FromMinutes(10)).WaitAsync(TimeSpan.FromSeconds(60));
        await QuietAsync(here);
        var waiting = here.WaitForWorkAsync(TimeSpan.FromMinutes(10));
        await there.CreateAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [StoreFact]
    public async Task Server_KilledAndStartedAgain_HasEverythingThatWasAccepted()
    {
        await using var server = await PostgresServer.StartNewAsync(isDurable: true);
        await using var bed = new PostgresBed(server);
        var store = await bed.OpenAsync();
        var ids = new List<string>();
        for (var at = 0; at < 20; at++) ids.Add((await store.CreateAsync(Examples.Job($"{at}"))).Id);
        var lease = await store.ClaimAsync();
        await server.KillAsync();
        var error = await Assert.ThrowsAsync<JobStoreException>(() => store.CreateAsync());
        Assert.Equal(JobStoreProblem.Unavailable, error.Problem);
        Assert.Equal(JobStoreProblem.Unavailable, (await Assert.ThrowsAsync<JobStoreException>(() => store.GetAsync(ids[0], null))).Problem);
        await server.RestartAsync();
        Assert.Equal(ids, (await store.ListAsync(new(null, 100, Ascending: true)))!.Jobs.Select(job => job.Id));
        Assert.Equal(PublishOutcome.Published, await store.PublishAsync(lease.Token));
        await store.CreateAsync();
    }

    [StoreFact]
    public async Task Connections_BrokenWhileWorking_LoseAndDoubleNothing()
    {
        await using var bed = new PostgresBed(await PostgresServer.SharedAsync());
        var store = await bed.OpenAsync();
        for (var at = 0; at < 100; at++) await store.CreateAsync(Examples.Job($"{at}") with { MaxAttempts = 1000 });
        using var done = new CancellationTokenSource();
        var breaking = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await bed.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'bed' AND query NOT LIKE 'LISTEN%'");
                await Task.Delay(60);
            }
        });
        var workers = Enumerable.Range(0, 3).Select(worker => Task.Run(() => DrainAsync(store, bed, $"worker-{worker}"))).ToArray();
        await Task.WhenAll(workers);
        await done.CancelAsync();
        await breaking;
        Assert.Equal([100L], await bed.QueryAsync("SELECT count(*) FROM jobs WHERE state = 'completed'", row => row.GetInt64(0)));
        Assert.Equal([100L], await bed.QueryAsync("SELECT count(*) FROM artifacts", row => row.GetInt64(0)));
        Assert.Equal([0L], await bed.QueryAsync("SELECT count(*) FROM jobs j WHERE (SELECT count(*) FROM job_events e WHERE e.job_id = j.id AND e.kind = 'published') <> 1", row => row.GetInt64(0)));
    }

    [StoreFact]
    public async Task Open_FreshDatabaseByEightAtOnce_MakesOneSetOfTables()
    {
        var server = await PostgresServer.SharedAsync();
        await server.ExecuteAsync("CREATE DATABASE fresh");
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PostgresJobStore.OpenAsync(new() { ConnectionString = server.ConnectionString("fresh") }))));
        await Task.WhenAll(stores.Select((store, at) => store.CreateAsync(Examples.Job($"{at}"))));
        Assert.Equal(8, (await stores[0].GetQueueStatusAsync()).Queued);
        // With the server's own clock.
        Assert.InRange((await stores[0].ListAsync(new(null, 1)))!.Jobs[0].CreatedAt, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1), DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [StoreTheory]
    [InlineData("", 20)]
    [InlineData(";Maximum Pool Size=3", 3)]
    [InlineData(";MaxPoolSize=3", 3)]
    public async Task Calls_MoreThanThePoolHolds_OpenNoMoreConnections(string setting, int connections)
    {
        var server = await PostgresServer.SharedAsync();
        var name = $"pool_{connections}_{setting.Length}";
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        await using var store = await PostgresJobStore.OpenAsync(new() { ConnectionString = server.ConnectionString(name) + setting });
        await using var own = new Npgsql.NpgsqlConnection(server.ConnectionString(name) + ";Pooling=false;Application Name=test");
        await own.OpenAsync();
        Task[] calls;
        long open = 0;
        await using (var locked = await own.BeginTransactionAsync())
        {
            // No call comes to its end, so each wants a connection of its own.
            await ExecuteAsync("LOCK TABLE jobs");
            calls = [.. Enumerable.Range(0, 60).Select(_ => store.GetAsync("video_0", null))];
            for (var at = 0; at < 15; at++)
            {
                await Task.Delay(100);
                open = Math.Max(open, await ExecuteAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'xvideo' AND query NOT LIKE 'LISTEN%'"));
            }
        }
        await Task.WhenAll(calls);

        Assert.Equal(connections, open);

        async Task<long> ExecuteAsync(string text)
        {
            await using var command = new Npgsql.NpgsqlCommand(text, own);
            return await command.ExecuteScalarAsync() as long? ?? 0;
        }
    }

    [StoreFact]
    public async Task Open_UnknownDatabase_SaysWhatToCheck()
    {
        var server = await PostgresServer.SharedAsync();
        var error = await Assert.ThrowsAsync<JobStoreException>(() => PostgresJobStore.OpenAsync(new() { ConnectionString = server.ConnectionString("missing") }));
        Assert.Equal(JobStoreProblem.Refused, error.Problem);
        Assert.Contains("\"missing\"", error.Message);
    }

    [Fact]
    public async Task Open_NoServer_IsUnavailableWithoutThePassword()
    {
        var error = await Assert.ThrowsAsync<JobStoreException>(() => PostgresJobStore.OpenAsync(new() { ConnectionString = "Host=127.0.0.1;Port=1;Username=x;Password=hidden-word;Database=d;Timeout=2", MaxTries = 1 }));
        Assert.Equal(JobStoreProblem.Unavailable, error.Problem);
        Assert.DoesNotContain("hidden-word", error.ToString());
    }

    [Fact]
    public async Task Open_WrongConnectionString_SaysSoWithoutThePassword()
    {
        var error = await Assert.ThrowsAsync<JobStoreException>(() => PostgresJobStore.OpenAsync(new() { ConnectionString = "Hots=db;Password=hidden-word" }));
        Assert.Equal(JobStoreProblem.Refused, error.Problem);
        Assert.DoesNotContain("hidden-word", error.ToString());
    }

    private static async Task DrainAsync(IJobStore store, PostgresBed bed, string worker)
    {
        while (true)
        {
            try
            {
                if (await store.ClaimAsync(worker, Examples.Lease) is { } lease) await store.PublishAsync(lease.Token);
                else if ((await store.GetQueueStatusAsync()) is { Queued: 0, Running: 0 }) return;
                else
                {
                    // A claim whose answer was lost comes back when its lease ends.
                    await bed.AdvanceAsync(TimeSpan.FromSeconds(31));
                    await store.ReapAsync();
                }
            }
            catch (Exception error) when (error is JobStoreException { Problem: JobStoreProblem.Unavailable } or Npgsql.NpgsqlException)
            {
            }
        }
    }

    private static async Task QuietAsync(IJobStore store)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            clock.Restart();
            await store.WaitForWorkAsync(TimeSpan.FromMilliseconds(700));
            if (clock.Elapsed > TimeSpan.FromMilliseconds(600)) return;
        }
    }
}
