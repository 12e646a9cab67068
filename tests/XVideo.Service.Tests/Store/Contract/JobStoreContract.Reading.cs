using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    [StoreFact]
    public async Task List_PageByPage_ShowsEveryJobOnceInBothOrders()
    {
        await Store.AddKeyAsync(Examples.Key("other"));
        var ids = new List<string>();
        for (var at = 0; at < 7; at++)
        {
            ids.Add((await Store.CreateAsync(Examples.Job($"{at}"))).Id);
            await Store.CreateAsync(Examples.Job($"{at}", "other"));
        }
        Assert.Equal(ids, await PagesAsync(ascending: true));
        Assert.Equal(Enumerable.Reverse(ids), await PagesAsync(ascending: false));
        var last = (await Store.ListAsync(new(ApiKey.LocalId, 7)))!;
        Assert.Equal((7, false), (last.Jobs.Count, last.HasMore));
        Assert.Equal(14, (await Store.ListAsync(new(null, 100)))!.Jobs.Count);
        Assert.Equivalent(new JobPage([], false), await Store.ListAsync(new(ApiKey.LocalId, 0)));

        async Task<List<string>> PagesAsync(bool ascending)
        {
            var seen = new List<string>();
            JobPage page;
            do
            {
                page = (await Store.ListAsync(new(ApiKey.LocalId, 3, seen.LastOrDefault(), ascending)))!;
                seen.AddRange(page.Jobs.Select(job => job.Id));
            }
            while (page.HasMore);
            return seen;
        }
    }

    [StoreFact]
    public async Task List_AfterADeletedJob_GoesOnFromItsPlace()
    {
        var ids = new List<string>();
        for (var at = 0; at < 6; at++) ids.Add((await Store.CreateAsync(Examples.Job($"{at}"))).Id);
        await Store.DeleteAsync(ids[3], null);
        await Store.DeleteAsync(ids[1], null);
        Assert.Equal([ids[2], ids[0]], (await Store.ListAsync(new(ApiKey.LocalId, 10, After: ids[3])))!.Jobs.Select(job => job.Id));
        Assert.Equal([ids[4], ids[5]], (await Store.ListAsync(new(ApiKey.LocalId, 10, After: ids[3], Ascending: true)))!.Jobs.Select(job => job.Id));
        var page = (await Store.ListAsync(new(ApiKey.LocalId, 2)))!;
        Assert.Equal([ids[5], ids[4]], page.Jobs.Select(job => job.Id));
        Assert.True(page.HasMore);
    }

    [StoreFact]
    public async Task List_AfterAnUnknownOrPurgedJob_GivesNoPage()
    {
        Assert.Null(await Store.ListAsync(new(ApiKey.LocalId, 10, After: JobId.New())));
        var id = (await Store.CreateAsync()).Id;
        await Store.DeleteAsync(id, null);
        await Bed.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Equal(1, (await Store.PurgeAsync(new())).Jobs);
        Assert.Null(await Store.ListAsync(new(ApiKey.LocalId, 10, After: id)));
    }

    [StoreFact]
    public async Task Sequence_AfterTheNewestJobIsPurged_IsNotUsedAgain()
    {
        var first = await Store.CreateAsync();
        await Store.DeleteAsync(first.Id, null);
        await Bed.AdvanceAsync(TimeSpan.FromDays(31));
        await Store.PurgeAsync(new());
        Assert.True((await Store.CreateAsync()).Sequence > first.Sequence);
    }

    [StoreFact]
    public async Task Events_AfterANumber_AreTheLaterOnes()
    {
        var id = (await Store.CreateAsync()).Id;
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(1));
        var token = (await Store.ClaimAsync()).Token;
        await Store.PublishAsync(token);
        var at = ManualTime.Start + TimeSpan.FromSeconds(1);
        Assert.Equal([new(2, JobEventKind.Claimed, JobState.Running, 1, at), new(3, JobEventKind.Published, JobState.Completed, 1, at)], await Store.ListEventsAsync(id, after: 1));
        Assert.Equal(3, (await Store.SeeAsync(id)).LastEvent);
        Assert.Empty(await Store.ListEventsAsync(id, after: 3));
        Assert.Empty(await Store.ListEventsAsync(JobId.New()));
    }

    [StoreFact]
    public async Task QueueStatus_OfJobsInEveryState_CountsAndAverages()
    {
        Assert.Equal(new QueueStatus(0, 0, null, null, null), await Store.GetQueueStatusAsync());
        await Store.AddKeyAsync(Examples.Key("other"));
        foreach (var seconds in (int[])[20, 40])
        {
            await Store.CreateAsync();
            var token = (await Store.ClaimAsync()).Token;
            await Bed.AdvanceAsync(TimeSpan.FromSeconds(seconds));
            await Store.PublishAsync(token);
        }
        await Store.CreateAsync();
        await Store.ClaimAsync();
        var waiting = await Store.CreateAsync();
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Store.CreateAsync(Examples.Job(owner: "other"));
        Assert.Equal(new QueueStatus(2, 1, waiting.CreatedAt, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3)), await Store.GetQueueStatusAsync());
        Assert.Equal(new QueueStatus(1, 0, waiting.CreatedAt + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3)), await Store.GetQueueStatusAsync("other"));
    }

    [StoreFact]
    public async Task WaitForWork_JobQueued_EndsEarly()
    {
        await DrainSignalAsync();
        var waiting = Store.WaitForWorkAsync(TimeSpan.FromMinutes(10));
        Assert.False(waiting.IsCompleted);
        await Store.CreateAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [StoreFact]
    public async Task WaitForWork_JobQueuedBefore_EndsAtOnce()
    {
        await DrainSignalAsync();
        await Store.CreateAsync();
        await Store.WaitForWorkAsync(TimeSpan.FromMinutes(10)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [StoreFact]
    public async Task WaitForWork_JobGivenBack_EndsEarly()
    {
        await DrainSignalAsync();
        var running = (await Store.ListAsync(new(null, 1)))!.Jobs[0];
        var waiting = Store.WaitForWorkAsync(TimeSpan.FromMinutes(10));
        Assert.False(waiting.IsCompleted);
        await Store.ReleaseAsync(new(running.Id, running.Epoch));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [StoreFact]
    public async Task WaitForWork_NothingComes_EndsInTime() => await Store.WaitForWorkAsync(TimeSpan.FromMilliseconds(1)).WaitAsync(TimeSpan.FromSeconds(30));

    [StoreFact]
    public async Task Probe_GoodStore_Passes() => await Store.ProbeAsync();

    [StoreFact]
    public async Task Probe_NewerTables_SaysSo()
    {
        await Bed.ExecuteAsync("UPDATE schema_version SET version = 99");
        var error = await Assert.ThrowsAsync<JobStoreException>(() => Store.ProbeAsync());
        Assert.Equal(JobStoreProblem.TooNew, error.Problem);
        Assert.Contains("version 99", error.Message);
        Assert.Equal(JobStoreProblem.TooNew, (await Assert.ThrowsAsync<JobStoreException>(() => Bed.OpenAsync())).Problem);
    }

    [StoreFact]
    public async Task Open_EightAtOnceOnAnExistingStore_AllWork()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(Bed.OpenAsync)));
        var jobs = await Task.WhenAll(stores.Select((store, at) => store.CreateAsync(Examples.Job($"{at}"))));
        Assert.Equal(8, jobs.DistinctBy(job => job.Sequence).Count());
    }

    // The listener of PostgreSQL says once that there may be work when it has connected.
    private async Task DrainSignalAsync()
    {
        await Store.CreateAsync();
        do await Store.WaitForWorkAsync(TimeSpan.FromMilliseconds(500)); while (await Store.ClaimAsync("worker-1", Examples.Lease) is not null);
        await Store.WaitForWorkAsync(TimeSpan.FromMilliseconds(500));
    }
}
