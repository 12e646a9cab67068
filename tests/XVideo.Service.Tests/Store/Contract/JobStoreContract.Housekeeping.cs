using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    [StoreFact]
    public async Task Expire_ArtifactsThatAreDue_AreForgottenOnce()
    {
        var due = await PublishedAsync(TimeSpan.FromHours(1));
        var later = await PublishedAsync(TimeSpan.FromHours(3));
        await Bed.AdvanceAsync(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await Store.ExpireAsync(10));
        await Bed.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal([Examples.Video(due).Path], await Store.ExpireAsync(10));
        var job = await Store.SeeAsync(due.JobId);
        Assert.Equal((JobState.Completed, ManualTime.Start + TimeSpan.FromHours(1)), (job.State, job.ExpiresAt));
        Assert.Empty(await Store.ListArtifactsAsync(due.JobId));
        Assert.Single(await Store.ListArtifactsAsync(later.JobId));
        Assert.Empty(await Store.ExpireAsync(10));
        Assert.Equal("Created Claimed Published Expired", await Store.KindsAsync(due.JobId));
    }

    [StoreFact]
    public async Task Expire_MoreThanTheLimit_TakesSoManyJobs()
    {
        for (var at = 0; at < 3; at++) await PublishedAsync(TimeSpan.FromHours(1));
        await Bed.AdvanceAsync(TimeSpan.FromHours(1));
        foreach (var count in (int[])[2, 1, 0]) Assert.Equal(count, (await Store.ExpireAsync(2)).Count);
    }

    [StoreFact]
    public async Task FreeSpace_SomeBytes_TakesTheOldestThatAreOldEnough()
    {
        var jobs = new List<LeaseToken>();
        for (var at = 0; at < 4; at++)
        {
            jobs.Add(await PublishedAsync(null, bytes: 100));
            await Bed.AdvanceAsync(TimeSpan.FromHours(1));
        }
        Assert.Equal(400, await Store.GetArtifactBytesAsync());
        Assert.Equal([Examples.Video(jobs[0]).Path, Examples.Video(jobs[1]).Path], await Store.FreeSpaceAsync(101, TimeSpan.Zero));
        Assert.Equal(ManualTime.Start + TimeSpan.FromHours(4), (await Store.SeeAsync(jobs[0].JobId)).ExpiresAt);
        Assert.Equal([Examples.Video(jobs[2]).Path], await Store.FreeSpaceAsync(1_000_000, TimeSpan.FromHours(2)));
        Assert.Equal(100, await Store.GetArtifactBytesAsync());
    }

    [StoreFact]
    public async Task UnknownFiles_OfManyPaths_AreThoseWithoutARow()
    {
        var published = await PublishedAsync(null);
        var unknown = Enumerable.Range(0, 500).Select(at => $"videos/{at}.mp4").ToList();
        Assert.Equal(unknown, await Store.FindUnknownFilesAsync([Examples.Video(published).Path, .. unknown]));
        Assert.Empty(await Store.FindUnknownFilesAsync([]));
    }

    [StoreFact]
    public async Task Purge_OldRows_GoOnlyWhenNobodyNeedsThem()
    {
        var kept = await PublishedAsync(null);
        var withFiles = await PublishedAsync(null);
        await Store.DeleteAsync(withFiles.JobId, null);
        var gone = await Store.CreateAsync(Examples.Job() with { IdempotencyKey = "k" });
        await Store.DeleteAsync(gone.Id, null);
        await Store.RegisterWorkerAsync(Examples.Worker("silent"));
        await Bed.AdvanceAsync(TimeSpan.FromDays(29));
        // Events of the three jobs, the idempotency key and the worker are due before the deleted jobs are.
        Assert.Equal(new PurgeCounts(0, 9, 1, 1), await Store.PurgeAsync(new()));
        await Bed.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(new PurgeCounts(1, 0, 0, 0), await Store.PurgeAsync(new()));
        Assert.Single(await Store.ExpireAsync(10));
        Assert.Equal(1, (await Store.PurgeAsync(new())).Jobs);
        Assert.Equal(kept.JobId, Assert.Single(await Bed.QueryAsync("SELECT id FROM jobs", row => row.GetString(0))));
        Assert.Equal([1L], await Bed.QueryAsync("SELECT count(*) FROM attempts", row => row.GetInt64(0)));
    }

    [StoreFact]
    public async Task Purge_FinishedRows_GoWhenTheirFilesAreLongGone()
    {
        var failed = await Store.CreateAsync(Examples.Job("failed"));
        await Store.FailAsync((await Store.ClaimAsync()).Token, Examples.Permanent);
        var published = (await PublishedAsync(TimeSpan.FromDays(10))).JobId;
        var kept = (await PublishedAsync(null)).JobId;
        var waiting = (await Store.CreateAsync(Examples.Job("waiting"))).Id;
        await Bed.AdvanceAsync(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, (await Store.PurgeAsync(new())).Jobs);
        await Bed.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, (await Store.PurgeAsync(new() { Finished = null })).Jobs);
        Assert.Equal(1, (await Store.PurgeAsync(new())).Jobs);
        Assert.Null(await Store.GetAsync(failed.Id, null));
        Assert.Null(await Store.ListAsync(new(null, 10, failed.Id)));
        // Its files go 20 days late: the sweeper was off. The row stays for the whole period from then on.
        Assert.Single(await Store.ExpireAsync(10));
        await Bed.AdvanceAsync(TimeSpan.FromDays(9));
        Assert.Equal(0, (await Store.PurgeAsync(new())).Jobs);
        await Bed.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(1, (await Store.PurgeAsync(new())).Jobs);
        Assert.Equal([waiting, kept], (await Store.ListAsync(new(null, 10)))!.Jobs.Select(job => job.Id));
        Assert.Equal([1L], await Bed.QueryAsync("SELECT count(*) FROM attempts", row => row.GetInt64(0)));
        Assert.DoesNotContain(await Bed.QueryAsync("SELECT job_id FROM job_events", row => row.GetString(0)), id => id == failed.Id || id == published);
    }

    [StoreFact]
    public async Task Purge_MoreRowsThanOneStatementTakes_TakesAll()
    {
        for (var at = 0; at < 501; at++) await Store.CancelAsync((await Store.CreateAsync(Examples.Job($"{at}"))).Id, null);
        await Bed.AdvanceAsync(TimeSpan.FromDays(30));
        Assert.Equal(501, (await Store.PurgeAsync(new())).Jobs);
    }

    [StoreFact]
    public async Task Purge_DeletedJobThatStillRuns_IsKept()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.DeleteAsync(token.JobId, null);
        await Bed.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Equal(0, (await Store.PurgeAsync(new())).Jobs);
        Assert.True(await Store.FinishCanceledAsync(token));
        Assert.Equal(1, (await Store.PurgeAsync(new())).Jobs);
    }

    [StoreFact]
    public async Task Keys_AddedAndRevoked_AreFoundAsTheyAre()
    {
        var key = Examples.Key("abc", maxQueued: 3, maxRunning: 1) with { CreatesPerMinute = 7, ReadsPerMinute = 70, GpuSecondsPerDay = 3600 };
        await Store.AddKeyAsync(key);
        var found = await Store.FindKeyAsync("abc");
        Assert.Equivalent(key with { CreatedAt = ManualTime.Start }, found, strict: true);
        Assert.Null(await Store.FindKeyAsync("abd"));
        Assert.True(await Store.RevokeKeyAsync("abc"));
        Assert.False(await Store.RevokeKeyAsync("abc"));
        Assert.False(await Store.RevokeKeyAsync("abd"));
        Assert.Equal(ManualTime.Start, (await Store.FindKeyAsync("abc"))!.RevokedAt);
        Assert.Equal("abc", Assert.Single(await Store.ListKeysAsync()).KeyId);
    }

    [StoreFact]
    public async Task Keys_SecretReplaced_KeepsTheOneBeforeForAWhile()
    {
        await Store.AddKeyAsync(Examples.Key("abc", maxQueued: 3));
        Assert.True(await Store.ReplaceSecretAsync("abc", Examples.Hash("second"), TimeSpan.FromDays(7)));
        var key = (await Store.FindKeyAsync("abc"))!;
        Assert.Equivalent(Examples.Key("abc", maxQueued: 3) with { CreatedAt = ManualTime.Start, SecretHash = Examples.Hash("second"), PreviousHash = Examples.Hash("abc"), PreviousUntil = ManualTime.Start + TimeSpan.FromDays(7) }, key, strict: true);
        Assert.True(await Store.ReplaceSecretAsync("abc", Examples.Hash("third"), TimeSpan.FromDays(1)));
        Assert.Equal(Examples.Hash("second"), (await Store.FindKeyAsync("abc"))!.PreviousHash);
        Assert.True(await Store.ReplaceSecretAsync("abc", Examples.Hash("fourth"), TimeSpan.Zero));
        key = (await Store.FindKeyAsync("abc"))!;
        Assert.Equal((null, null), (key.PreviousHash, key.PreviousUntil));
        await Store.RevokeKeyAsync("abc");
        foreach (var id in (string[])["abc", "abd", ApiKey.LocalId]) Assert.False(await Store.ReplaceSecretAsync(id, Examples.Hash("fifth"), TimeSpan.Zero));
        Assert.Equal(Examples.Hash("fourth"), (await Store.FindKeyAsync("abc"))!.SecretHash);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReplaceSecretAsync("abc", [1], TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReplaceSecretAsync("abc", Examples.Hash("x"), TimeSpan.FromSeconds(-1)));
    }

    [StoreFact]
    public async Task Keys_TheLocalOwner_IsThereAndCannotSignInOrBeRevoked()
    {
        var local = (await Store.FindKeyAsync(ApiKey.LocalId))!;
        Assert.Empty(local.SecretHash);
        Assert.False(await Store.RevokeKeyAsync(ApiKey.LocalId));
        Assert.Empty(await Store.ListKeysAsync());
    }

    [StoreFact]
    public async Task Keys_WrongOnes_AreRefused()
    {
        await Store.AddKeyAsync(Examples.Key("abc"));
        ApiKey[] wrong = [Examples.Key("abc"), Examples.Key(""), Examples.Key("d") with { SecretHash = [] }, Examples.Key("d") with { Scopes = ["a b"] }, Examples.Key("d", maxRunning: 0)];
        foreach (var key in wrong) await Assert.ThrowsAsync<ArgumentException>(() => Store.AddKeyAsync(key));
        Assert.Single(await Store.ListKeysAsync());
    }

    [StoreFact]
    public async Task Keys_Used_AreStampedAtMostOnceAMinute()
    {
        await Store.AddKeyAsync(Examples.Key("abc"));
        await Store.TouchKeyAsync("abc");
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(59));
        await Store.TouchKeyAsync("abc");
        Assert.Equal(ManualTime.Start, (await Store.FindKeyAsync("abc"))!.LastUsedAt);
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Store.TouchKeyAsync("abc");
        Assert.Equal(ManualTime.Start + TimeSpan.FromSeconds(60), (await Store.FindKeyAsync("abc"))!.LastUsedAt);
    }

    [StoreFact]
    public async Task Usage_OfADay_SumsJobsTimeAndBytes()
    {
        await Store.AddKeyAsync(Examples.Key("other"));
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(10));
        await Store.FailAsync(token, Examples.Transient);
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(10));
        token = (await Store.ClaimAsync()).Token;
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(20));
        await Store.PublishAsync(token);
        Assert.Equal(new Usage(1, TimeSpan.FromSeconds(30), 1000), await Store.GetUsageAsync(ApiKey.LocalId));
        Assert.Equal(new Usage(0, TimeSpan.Zero, 0), await Store.GetUsageAsync("other"));
        // The bed's clock starts at noon.
        await Bed.AdvanceAsync(TimeSpan.FromHours(12));
        Assert.Equal(new Usage(0, TimeSpan.Zero, 0), await Store.GetUsageAsync(ApiKey.LocalId));
    }

    [StoreFact]
    public async Task Workers_RegisteredAndTouched_AreListed()
    {
        await Store.RegisterWorkerAsync(Examples.Worker("a"));
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(10));
        await Store.RegisterWorkerAsync(Examples.Worker("b"));
        Assert.True(await Store.TouchWorkerAsync("a", isDraining: true));
        Assert.False(await Store.TouchWorkerAsync("c", isDraining: false));
        var later = ManualTime.Start + TimeSpan.FromSeconds(10);
        Assert.Equal(
            [Examples.Worker("a") with { StartedAt = ManualTime.Start, LastSeenAt = later, IsDraining = true }, Examples.Worker("b") with { StartedAt = later, LastSeenAt = later }],
            await Store.ListWorkersAsync());
    }

    [StoreFact]
    public async Task Workers_OneThatEnded_LosesItsLeasesAtOnce()
    {
        await Store.RegisterWorkerAsync(Examples.Worker("dead"));
        await Store.CreateAsync(Examples.Job("1"));
        await Store.CreateAsync(Examples.Job("2"));
        var lost = await Store.ClaimAsync("dead");
        var other = await Store.ClaimAsync("alive");
        var job = Assert.Single(await Store.RemoveWorkerAsync("dead"));
        Assert.Equal((lost.Job.Id, JobState.Queued), (job.Id, job.State));
        Assert.Equal(HeartbeatReply.Lost, await Store.HeartbeatAsync(lost.Token, Examples.Lease));
        Assert.Equal(HeartbeatReply.Held, await Store.HeartbeatAsync(other.Token, Examples.Lease));
        Assert.Empty(await Store.ListWorkersAsync());
    }

    private async Task<LeaseToken> PublishedAsync(TimeSpan? keepFor, long bytes = 1000)
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        Assert.Equal(PublishOutcome.Published, await Store.PublishAsync(token, [Examples.Video(token, bytes)], keepFor));
        return token;
    }
}
