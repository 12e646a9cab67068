using XVideo.Service.Store;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Tests.Store;

/// <summary>What only a SQLite store has: a file, a process's clocks, one host.</summary>
public sealed class SqliteStoreTests : IAsyncLifetime
{
    private readonly SqliteBed bed = new();
    private IJobStore store = null!;

    public async Task InitializeAsync() => store = await bed.OpenAsync();

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task Reopen_AfterACrash_HasEverythingThatWasAccepted()
    {
        for (var at = 0; at < 20; at++) await store.CreateAsync(Examples.Job($"{at}") with { IdempotencyKey = $"{at}" });
        var published = await store.ClaimAsync();
        await store.PublishAsync(published.Token);
        var running = await store.ClaimAsync();
        // What the disk holds at this moment, with the store still open; the shared memory is lost with the machine.
        var after = Path.Combine(bed.Folder, "after");
        Directory.CreateDirectory(after);
        foreach (var file in Directory.GetFiles(bed.Folder, "jobs.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))) System.IO.File.Copy(file, Path.Combine(after, Path.GetFileName(file)));
        Assert.True(new FileInfo(Path.Combine(after, "jobs.db-wal")).Length > 0);

        await using var reopened = await SqliteJobStore.OpenAsync(new() { Path = Path.Combine(after, "jobs.db") }, bed.Time);
        Assert.Equal(20, (await reopened.ListAsync(new(null, 100)))!.Jobs.Count);
        Assert.Equal(JobState.Completed, (await reopened.SeeAsync(published.Job.Id)).State);
        Assert.Single(await reopened.ListArtifactsAsync(published.Job.Id));
        Assert.Equal(CreateOutcome.Replayed, (await reopened.CreateAsync(Examples.Job("3") with { IdempotencyKey = "3" }, 0)).Outcome);
        // The worker survived its store: its lease is good.
        Assert.Equal(PublishOutcome.Published, await reopened.PublishAsync(running.Token));
    }

    [Fact]
    public async Task Reopen_AfterDispose_LeavesNoLogBehind()
    {
        await store.CreateAsync();
        await store.DisposeAsync();
        Assert.Equal(["jobs.db"], Directory.GetFiles(bed.Folder).Select(Path.GetFileName));
        Assert.Single((await (await bed.OpenAsync()).ListAsync(new(null, 10)))!.Jobs);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.CreateAsync());
    }

    [Fact]
    public async Task Clock_SetForwardPastTheLease_TakesNoJobFromALivingWorker()
    {
        await store.CreateAsync();
        var lease = await store.ClaimAsync();
        bed.Time.SetBackOrForward(TimeSpan.FromDays(365));
        Assert.Empty(await store.ReapAsync());
        Assert.Equal(PublishOutcome.Published, await store.PublishAsync(lease.Token));
    }

    [Fact]
    public async Task Clock_SetBackAnHour_KeepsNoJobOfADeadWorker()
    {
        await store.CreateAsync();
        await store.ClaimAsync();
        bed.Time.SetBackOrForward(TimeSpan.FromHours(-1));
        bed.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(JobState.Queued, Assert.Single(await store.ReapAsync()).State);
        Assert.Equal(0, (await store.GetUsageAsync(ApiKey.LocalId)).RunningTime.Ticks);
    }

    [Fact]
    public async Task Clock_SetBackAnHour_DelaysNoFailedJobForAnHour()
    {
        await store.CreateAsync();
        await store.FailAsync((await store.ClaimAsync()).Token, Examples.Transient);
        Assert.Null(await store.ClaimAsync("worker-1", Examples.Lease));
        bed.Time.SetBackOrForward(TimeSpan.FromHours(-1));
        Assert.NotNull(await store.ClaimAsync("worker-1", Examples.Lease));
    }

    [Fact]
    public async Task Reap_LeaseFromBeforeTheMachineStarted_EndsAtOnce()
    {
        await using var earlier = await SqliteJobStore.OpenAsync(new() { Path = bed.File, BootId = "earlier" }, bed.Time);
        await earlier.CreateAsync();
        await earlier.ClaimAsync();
        Assert.Empty(await earlier.ReapAsync());
        Assert.Single(await store.ReapAsync());
    }

    [Fact]
    public async Task RegisterWorker_FromAnotherHost_IsRefusedForAMinute()
    {
        await store.RegisterWorkerAsync(Examples.Worker("a", host: "one"));
        await store.RegisterWorkerAsync(Examples.Worker("b", host: "one"));
        var error = await Assert.ThrowsAsync<JobStoreException>(() => store.RegisterWorkerAsync(Examples.Worker("c", host: "two")));
        Assert.Equal(JobStoreProblem.OtherHost, error.Problem);
        Assert.Contains("\"one\"", error.Message);
        await bed.AdvanceAsync(TimeSpan.FromMinutes(1));
        await store.RegisterWorkerAsync(Examples.Worker("c", host: "two"));
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_SaysSo()
    {
        var path = Path.Combine(bed.Folder, "text.db");
        await System.IO.File.WriteAllTextAsync(path, new string('x', 10_000));
        var error = await Assert.ThrowsAsync<JobStoreException>(() => SqliteJobStore.OpenAsync(new() { Path = path }));
        Assert.Equal(JobStoreProblem.Refused, error.Problem);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public async Task Open_FolderThatCannotBeMade_SaysSo()
    {
        var error = await Assert.ThrowsAsync<JobStoreException>(() => SqliteJobStore.OpenAsync(new() { Path = Path.Combine(bed.File, "under", "a-file.db") }));
        Assert.Equal(JobStoreProblem.Unavailable, error.Problem);
    }

    [Fact]
    public async Task Write_WhileAnotherProcessHoldsTheFile_IsUnavailableAndWorksAfterwards()
    {
        await using var patient = await SqliteJobStore.OpenAsync(new() { Path = bed.File, BusyTimeout = TimeSpan.FromSeconds(1) }, bed.Time);
        await using (var other = await bed.ConnectAsync())
        {
            await using var transaction = await other.BeginTransactionAsync();
            var error = await Assert.ThrowsAsync<JobStoreException>(() => patient.CreateAsync());
            Assert.Equal(JobStoreProblem.Unavailable, error.Problem);
            // Readers do not wait for writers.
            Assert.Empty((await patient.ListAsync(new(null, 10)))!.Jobs);
        }
        await patient.CreateAsync();
    }

    [Fact]
    public async Task Write_DiskFull_IsRefusedWholeAndWorksWhenThereIsSpace()
    {
        var pages = (await bed.QueryAsync("PRAGMA page_count", row => row.GetInt64(0)))[0];
        await using var small = await SqliteJobStore.OpenAsync(new() { Path = bed.File }, bed.Time);
        await LimitAsync(small, pages + 4);
        var accepted = 0;
        var error = await Assert.ThrowsAsync<JobStoreException>(async () =>
        {
            for (; accepted < 1000; accepted++) await small.CreateAsync(Examples.Job(new string('x', 2000)));
        });
        Assert.Equal(JobStoreProblem.DiskFull, error.Problem);
        Assert.Equal(accepted, (await store.ListAsync(new(null, 1000)))!.Jobs.Count);
        await LimitAsync(small, 1_000_000);
        await small.CreateAsync(Examples.Job(new string('x', 2000)));

        // Stands in for a disk of that size.
        static Task LimitAsync(IJobStore store, long pages) => ((SqlJobStore)store).Engine.WriteAsync(session => session.ExecuteAsync($"PRAGMA max_page_count = {pages}"), default);
    }

    [Fact]
    public async Task Settings_OfTheFile_AreThoseThatKeepAcceptedJobs()
    {
        Assert.Equal(["wal"], await bed.QueryAsync("PRAGMA journal_mode", row => row.GetString(0)));
        Assert.Equal([2L], await bed.QueryAsync("PRAGMA auto_vacuum", row => row.GetInt64(0)));
        if (OperatingSystem.IsLinux()) Assert.NotEqual(Environment.MachineName, MachineBoot.Id);
    }

    [Theory]
    [InlineData("SELECT seq FROM jobs WHERE state = 'queued' AND run_after <= 5 ORDER BY priority DESC, seq LIMIT 1", "jobs_claim")]
    [InlineData("SELECT seq FROM jobs WHERE deleted_at IS NULL AND owner_key_id = 'a' AND seq < 5 ORDER BY seq DESC LIMIT 3", "jobs_owner")]
    [InlineData("SELECT count(*) FROM jobs WHERE state = 'queued' AND owner_key_id = 'a'", "jobs_backlog")]
    [InlineData("SELECT seq FROM jobs WHERE request_hash = x'00' AND created_at >= 5 AND owner_key_id = 'a'", "jobs_request")]
    [InlineData("SELECT seq FROM jobs WHERE deleted_at IS NULL AND completed_at <= 5 LIMIT 3", "jobs_ended")]
    [InlineData("SELECT cost_units FROM jobs WHERE state = 'completed' ORDER BY completed_at DESC LIMIT 20", "jobs_completed")]
    public async Task Query_OfEveryRequest_UsesItsIndex(string query, string index) =>
        Assert.Contains(await bed.QueryAsync($"EXPLAIN QUERY PLAN {query}", row => row.GetString(3)), line => line.Contains(index, StringComparison.Ordinal));
}
