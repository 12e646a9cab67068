using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    [StoreFact]
    public async Task Claim_EmptyQueue_GivesNothing() => Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));

    [StoreFact]
    public async Task Claim_SeveralJobs_TakesPriorityThenAge()
    {
        var low = await Store.CreateAsync(Examples.Job("low") with { Priority = -1 });
        var first = await Store.CreateAsync(Examples.Job("first"));
        var second = await Store.CreateAsync(Examples.Job("second"));
        var high = await Store.CreateAsync(Examples.Job("high") with { Priority = 1 });
        Assert.Equal([4, 2, 3, 1], [await Position(low), await Position(first), await Position(second), await Position(high)]);
        string[] taken = [(await Store.ClaimAsync()).Job.Id, (await Store.ClaimAsync()).Job.Id, (await Store.ClaimAsync()).Job.Id, (await Store.ClaimAsync()).Job.Id];
        Assert.Equal([high.Id, first.Id, second.Id, low.Id], taken);
        Assert.Null(await Position(high));

        Task<int?> Position(Job job) => Store.GetQueuePositionAsync(job.Id);
    }

    [StoreFact]
    public async Task Claim_Job_RunsWithANewEpochAndAChargedAttempt()
    {
        var job = await Store.CreateAsync();
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(5));
        var lease = await Store.ClaimAsync("worker-9");
        Assert.Equivalent(lease.Job, await Store.SeeAsync(job.Id), strict: true);
        Assert.Equal((JobState.Running, JobPhase.Loading, 1, 1L, "worker-9"), (lease.Job.State, lease.Job.Phase, lease.Job.Attempts, lease.Job.Epoch, lease.Job.WorkerId));
        Assert.Equal((ManualTime.Start + TimeSpan.FromSeconds(5), new LeaseToken(job.Id, 1)), (lease.Job.StartedAt!.Value, lease.Token));
        var attempt = Assert.Single(await Store.ListAttemptsAsync(job.Id));
        Assert.Equal(new Attempt(job.Id, 1, "worker-9", ManualTime.Start + TimeSpan.FromSeconds(5), null, null, null, null), attempt);
    }

    [StoreFact]
    public async Task Claim_OwnerAtItsLimit_TakesAnotherOwners()
    {
        await Store.AddKeyAsync(Examples.Key("greedy", maxRunning: 2));
        await Store.AddKeyAsync(Examples.Key("other"));
        for (var at = 0; at < 4; at++) await Store.CreateAsync(Examples.Job($"{at}", "greedy"));
        await Store.CreateAsync(Examples.Job("5", "other"));
        var leases = new[] { await Store.ClaimAsync(), await Store.ClaimAsync(), await Store.ClaimAsync() };
        Assert.Equal(["greedy", "greedy", "other"], leases.Select(lease => lease.Job.OwnerKeyId));
        Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));
        await Store.PublishAsync(leases[0].Token);
        Assert.Equal("greedy", (await Store.ClaimAsync()).Job.OwnerKeyId);
    }

    [StoreFact]
    public async Task Claim_AfterAFailedAttempt_WaitsForItsTime()
    {
        await Store.CreateAsync();
        await Store.FailAsync((await Store.ClaimAsync()).Token, Examples.Transient);
        await Bed.AdvanceAsync(TimeSpan.FromMilliseconds(3999));
        Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));
        await Bed.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal((2L, 2), ((await Store.ClaimAsync()).Job is var job ? job.Epoch : 0, job.Attempts));
    }

    [StoreFact]
    public async Task Claim_SilentLease_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(() => Store.ClaimAsync("worker-1", TimeSpan.Zero));

    [StoreFact]
    public async Task Claim_FourThreadsTaking1000Jobs_TakeNoneTwice()
    {
        const int jobs = 1000;
        var stores = new[] { Store, await Bed.OpenAsync() };
        for (var at = 0; at < jobs; at++) await Store.CreateAsync(Examples.Job($"{at}"));
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var ids = new List<string>();
            while (await stores[worker % 2].ClaimAsync($"worker-{worker}", Examples.Lease) is { } lease) ids.Add(lease.Job.Id);
            return ids;
        })));
        Assert.Equal(jobs, taken.Sum(ids => ids.Count));
        Assert.Equal(jobs, taken.SelectMany(ids => ids).Distinct().Count());
        Assert.Equal([jobs], await Bed.QueryAsync("SELECT count(*) FROM jobs WHERE state = 'running' AND lease_epoch = 1 AND attempts = 1", row => row.GetInt64(0)));
    }

    [StoreFact]
    public async Task Heartbeat_HeldLease_IsExtendedFromNow()
    {
        await Store.CreateAsync();
        var lease = await Store.ClaimAsync();
        for (var at = 0; at < 5; at++)
        {
            await Bed.AdvanceAsync(TimeSpan.FromSeconds(25));
            Assert.Equal(HeartbeatReply.Held, await Store.HeartbeatAsync(lease.Token, Examples.Lease));
            Assert.Empty(await Store.ReapAsync());
        }
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Single(await Store.ReapAsync());
    }

    [StoreFact]
    public async Task Heartbeat_WithProgress_IsSeenAndNeverFalls()
    {
        await Store.CreateAsync();
        var lease = await Store.ClaimAsync();
        await Store.HeartbeatAsync(lease.Token, Examples.Lease, new(JobPhase.Denoise, 7, 20, 40, TimeSpan.FromSeconds(12.5)));
        var job = await Store.SeeAsync(lease.Job.Id);
        Assert.Equal((JobPhase.Denoise, 7, 20, 40, TimeSpan.FromSeconds(12.5)), (job.Phase, job.Step, job.StepsTotal, job.Progress, job.Eta));
        await Store.HeartbeatAsync(lease.Token, Examples.Lease, new(JobPhase.VaeDecode, 20, 20, 30));
        job = await Store.SeeAsync(lease.Job.Id);
        Assert.Equal((JobPhase.VaeDecode, 20, 40, null), (job.Phase, job.Step, job.Progress, job.Eta));
        await Store.HeartbeatAsync(lease.Token, Examples.Lease, new(JobPhase.Publish, 20, 20, 100));
        Assert.Equal(99, (await Store.SeeAsync(lease.Job.Id)).Progress);
        Assert.Equal("Created Claimed", await Store.KindsAsync(lease.Job.Id));
    }

    [StoreFact]
    public async Task StaleLease_EveryWrite_ChangesNothing()
    {
        var (stale, _) = await LoseLeaseAsync();
        await UnchangedAsync(async () =>
        {
            Assert.Equal(HeartbeatReply.Lost, await Store.HeartbeatAsync(stale.Token, Examples.Lease, new(JobPhase.Denoise, 9, 9, 90)));
            Assert.Equal(PublishOutcome.Lost, await Store.PublishAsync(stale.Token));
            Assert.Null(await Store.FailAsync(stale.Token, Examples.Permanent));
            Assert.Null(await Store.FailAsync(stale.Token, Examples.Transient));
            Assert.Null(await Store.ReleaseAsync(stale.Token));
            Assert.False(await Store.FinishCanceledAsync(stale.Token));
        });
    }

    [StoreFact]
    public async Task EndedJob_EveryWriteOfItsLease_ChangesNothing()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.FailAsync(token, Examples.Permanent);
        await UnchangedAsync(async () =>
        {
            Assert.Equal(HeartbeatReply.Lost, await Store.HeartbeatAsync(token, Examples.Lease));
            Assert.Equal(PublishOutcome.Lost, await Store.PublishAsync(token));
            Assert.Null(await Store.FailAsync(token, Examples.Transient));
            Assert.Null(await Store.ReleaseAsync(token));
            Assert.False(await Store.FinishCanceledAsync(token));
        });
    }

    [StoreFact]
    public async Task UnknownJob_EveryWrite_ChangesNothing() => await UnchangedAsync(async () =>
    {
        var token = new LeaseToken(JobId.New(), 1);
        Assert.Equal(HeartbeatReply.Lost, await Store.HeartbeatAsync(token, Examples.Lease));
        Assert.Equal(PublishOutcome.Lost, await Store.PublishAsync(token));
        Assert.Null(await Store.ReleaseAsync(token));
    });

    [StoreFact]
    public async Task Publish_HeldLease_CompletesWithItsArtifacts()
    {
        var job = await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.HeartbeatAsync(token, Examples.Lease, new(JobPhase.Publish, 20, 20, 99, TimeSpan.FromSeconds(1)));
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(PublishOutcome.Published, await Store.PublishAsync(token, [Examples.Video(token), Examples.Thumbnail(token)], TimeSpan.FromHours(2), new(123_456, """{"denoise":9.5}""")));
        job = await Store.SeeAsync(job.Id);
        var now = ManualTime.Start + TimeSpan.FromSeconds(10);
        Assert.Equal((JobState.Completed, 100, 1L, now, now + TimeSpan.FromHours(2)), (job.State, job.Progress, job.ResultEpoch, job.CompletedAt, job.ExpiresAt));
        Assert.Equal((null, null, null, null, 123_456L), (job.WorkerId, job.Eta, job.ErrorCode, job.AttemptError, job.PeakMemoryBytes!.Value));
        Assert.Equivalent(new[] { Examples.Thumbnail(token), Examples.Video(token) }, await Store.ListArtifactsAsync(job.Id), strict: true);
        Assert.Equal(new Attempt(job.Id, 1, "worker-1", ManualTime.Start, now, AttemptOutcome.Completed, null, new(123_456, """{"denoise":9.5}""")), Assert.Single(await Store.ListAttemptsAsync(job.Id)));
        Assert.Equal(["videos/x"], await Store.FindUnknownFilesAsync(["videos/x", Examples.Video(token).Path]));
    }

    [StoreFact]
    public async Task Publish_KeptForEver_HasNoExpiry()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.PublishAsync(token, [Examples.Video(token)], keepFor: null);
        Assert.Null((await Store.SeeAsync(token.JobId)).ExpiresAt);
        await Bed.AdvanceAsync(TimeSpan.FromDays(1000));
        Assert.Empty(await Store.ExpireAsync(10));
    }

    [StoreFact]
    public async Task Publish_SameTokenAgain_SaysSoAndChangesNothing()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.PublishAsync(token);
        await UnchangedAsync(async () => Assert.Equal(PublishOutcome.Published, await Store.PublishAsync(token)));
    }

    [StoreFact]
    public async Task Publish_ExpiredLeaseThatNobodyReaped_IsStillItsOwn()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Bed.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(PublishOutcome.Published, await Store.PublishAsync(token));
    }

    [StoreFact]
    public async Task Publish_CancelRequested_ChangesNothingUntilTheCancelIsFinished()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.CancelAsync(token.JobId, null);
        await UnchangedAsync(async () => Assert.Equal(PublishOutcome.CancelRequested, await Store.PublishAsync(token)));
        Assert.True(await Store.FinishCanceledAsync(token));
        Assert.Equal((JobState.Canceled, "canceled"), (await Store.SeeAsync(token.JobId) is var job ? job.State : default, job.ErrorCode));
    }

    [StoreFact]
    public async Task Publish_WrongArtifacts_AreRefused()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        var video = Examples.Video(token);
        await UnchangedAsync(async () =>
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(token, [], null));
            await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(token, [video, video with { Path = "other" }], null));
            await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(token, [video with { Sha256 = [] }], null));
            await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(token, [video], null, new(1, "no json")));
            // Two artifacts of one path: the whole publication is undone.
            var error = await Assert.ThrowsAsync<JobStoreException>(() => Store.PublishAsync(token, [video, video with { Variant = "thumbnail" }], null));
            Assert.Equal(JobStoreProblem.Refused, error.Problem);
        });
    }
}
