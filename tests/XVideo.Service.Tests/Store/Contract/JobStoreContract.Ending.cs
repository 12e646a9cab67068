using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    [StoreFact]
    public async Task Fail_Permanent_IsFinalWithItsReason()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.HeartbeatAsync(token, Examples.Lease, new(JobPhase.VaeDecode, 20, 20, 85));
        Assert.Equal(JobState.Failed, await Store.FailAsync(token, Examples.Permanent));
        var job = await Store.SeeAsync(token.JobId);
        Assert.Equal((JobState.Failed, "invalid_output", "The frames are not finite.", ManualTime.Start), (job.State, job.ErrorCode, job.ErrorMessage, job.CompletedAt));
        Assert.Equal((85, JobPhase.VaeDecode, null), (job.Progress, job.Phase, job.WorkerId));
        Assert.Equal((AttemptOutcome.Failed, "invalid_output"), (await Store.ListAttemptsAsync(job.Id)) is [var attempt] ? (attempt.Outcome!.Value, attempt.ErrorCode) : default);
        Assert.Equal("invalid_output", job.AttemptError);
        Assert.Equal("Created Claimed Failed", await Store.KindsAsync(job.Id));
    }

    [StoreFact]
    public async Task Fail_Transient_IsQueuedAgainLaterEachTimeUntilTheAttemptsAreUsedUp()
    {
        var id = (await Store.CreateAsync(Examples.Job() with { MaxAttempts = 6 })).Id;
        // min(60, 2 · 2^attempts) seconds.
        foreach (var seconds in (int[])[4, 8, 16, 32, 60])
        {
            var token = (await Store.ClaimAsync()).Token;
            await Store.HeartbeatAsync(token, Examples.Lease, new(JobPhase.Denoise, 3, 20, 20, TimeSpan.FromSeconds(9)));
            Assert.Equal(JobState.Queued, await Store.FailAsync(token, Examples.Transient));
            var job = await Store.SeeAsync(id);
            Assert.Equal((JobState.Queued, JobPhase.Queued, 0, 0, null, null), (job.State, job.Phase, job.Step, job.Progress, job.Eta, job.ErrorCode));
            var begun = (await Store.ListAttemptsAsync(id))[^1].EndedAt!.Value;
            Assert.Equal(begun + TimeSpan.FromSeconds(seconds), job.RunAfter);
            await Bed.AdvanceAsync(TimeSpan.FromSeconds(seconds));
        }
        Assert.Equal(JobState.Failed, await Store.FailAsync((await Store.ClaimAsync()).Token, Examples.Transient));
        Assert.Equal((JobState.Failed, 6, "device_lost"), (await Store.SeeAsync(id) is var end ? end.State : default, end.Attempts, end.ErrorCode));
        Assert.All(await Store.ListAttemptsAsync(id), attempt => Assert.Equal("device_lost", attempt.ErrorCode));
        Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));
    }

    [StoreFact]
    public async Task Fail_TransientAfterACancel_IsCanceled()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.CancelAsync(token.JobId, null);
        Assert.Equal(JobState.Canceled, await Store.FailAsync(token, Examples.Transient));
    }

    [StoreFact]
    public async Task Fail_LongMessage_IsCutBetweenCharacters()
    {
        await Store.CreateAsync();
        var message = new string('x', 499) + "🎈🎈";
        await Store.FailAsync((await Store.ClaimAsync()).Token, Examples.Permanent with { Message = message });
        Assert.Equal(new string('x', 499), (await Store.ListAsync(new(null, 1)))!.Jobs[0].ErrorMessage);
    }

    [StoreFact]
    public async Task Release_HeldLease_IsQueuedAtOnceUncharged()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        Assert.Equal(JobState.Queued, await Store.ReleaseAsync(token));
        var job = await Store.SeeAsync(token.JobId);
        Assert.Equal((JobState.Queued, 0, null, null), (job.State, job.Attempts, job.RunAfter, job.WorkerId));
        var again = await Store.ClaimAsync("worker-2");
        Assert.Equal((2L, 1), (again.Token.Epoch, again.Job.Attempts));
        Assert.Equal("Created Claimed Released Claimed", await Store.KindsAsync(token.JobId));
    }

    [StoreFact]
    public async Task Release_AfterACancel_IsCanceled()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.CancelAsync(token.JobId, null);
        Assert.Equal(JobState.Canceled, await Store.ReleaseAsync(token));
        Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));
    }

    [StoreFact]
    public async Task Reap_LeaseNotOver_ChangesNothing()
    {
        await Store.CreateAsync();
        await Store.ClaimAsync();
        await Bed.AdvanceAsync(Examples.Lease);
        await UnchangedAsync(async () => Assert.Empty(await Store.ReapAsync()));
    }

    [StoreFact]
    public async Task Reap_LeaseOver_IsQueuedAgainWithADelay()
    {
        var id = (await Store.CreateAsync()).Id;
        var token = (await Store.ClaimAsync()).Token;
        await Bed.AdvanceAsync(Examples.Lease + TimeSpan.FromMilliseconds(1));
        var job = Assert.Single(await Store.ReapAsync());
        Assert.Equivalent(job, await Store.SeeAsync(id), strict: true);
        Assert.Equal((JobState.Queued, 1, null, "worker_lost"), (job.State, job.Attempts, job.ErrorCode, job.AttemptError));
        Assert.Equal(ManualTime.Start + Examples.Lease + TimeSpan.FromMilliseconds(4001), job.RunAfter);
        Assert.Equal(AttemptOutcome.Lost, Assert.Single(await Store.ListAttemptsAsync(id)).Outcome);
        Assert.Empty(await Store.ReapAsync());
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(4));
        await Store.ClaimAsync();
        Assert.Equal("Created Claimed Lost Claimed", await Store.KindsAsync(id));
    }

    [StoreFact]
    public async Task Reap_AttemptsUsedUp_FailsWithTheReason()
    {
        var id = (await Store.CreateAsync(Examples.Job() with { MaxAttempts = 2 })).Id;
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await Bed.AdvanceAsync(TimeSpan.FromMinutes(1));
            await Store.ClaimAsync();
            await Bed.AdvanceAsync(TimeSpan.FromMinutes(1));
            await Store.ReapAsync();
        }
        var job = await Store.SeeAsync(id);
        Assert.Equal((JobState.Failed, "worker_lost", 2), (job.State, job.ErrorCode, job.Attempts));
        Assert.Contains("attempt 2 of 2", job.ErrorMessage);
    }

    [StoreFact]
    public async Task Reap_AfterACancel_IsCanceled()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.CancelAsync(token.JobId, null);
        await Bed.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(JobState.Canceled, Assert.Single(await Store.ReapAsync()).State);
    }

    [StoreFact]
    public async Task Cancel_QueuedJob_EndsAtOnceAndNeverStarts()
    {
        var id = (await Store.CreateAsync()).Id;
        var result = await Store.CancelAsync(id, ApiKey.LocalId);
        Assert.Equal((CancelOutcome.Canceled, JobState.Canceled, "canceled"), (result.Outcome, result.Job!.State, result.Job.ErrorCode));
        Assert.Equal(ManualTime.Start, result.Job.CompletedAt);
        Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));
        await UnchangedAsync(async () => Assert.Equal(CancelOutcome.Canceled, (await Store.CancelAsync(id, null)).Outcome));
    }

    [StoreFact]
    public async Task Cancel_RunningJob_IsToldToItsWorker()
    {
        var id = (await Store.CreateAsync()).Id;
        var token = (await Store.ClaimAsync()).Token;
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Store.CancelHinted += canceled => told.TrySetResult(canceled);
        var result = await Store.CancelAsync(id, null);
        Assert.Equal((CancelOutcome.Requested, JobState.Running, ManualTime.Start), (result.Outcome, result.Job!.State, result.Job.CancelRequestedAt));
        Assert.Equal(id, await told.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await UnchangedAsync(async () => Assert.Equal(CancelOutcome.Requested, (await Store.CancelAsync(id, null)).Outcome));
        Assert.Equal(HeartbeatReply.CancelRequested, await Store.HeartbeatAsync(token, Examples.Lease));
        Assert.True(await Store.FinishCanceledAsync(token));
        Assert.Equal("Created Claimed CancelRequested Canceled", await Store.KindsAsync(id));
        Assert.Equal(AttemptOutcome.Canceled, Assert.Single(await Store.ListAttemptsAsync(id)).Outcome);
    }

    [StoreFact]
    public async Task Cancel_JobThatHasEnded_ChangesNothing()
    {
        await Store.CreateAsync();
        var completed = (await Store.ClaimAsync()).Token;
        await Store.PublishAsync(completed);
        await Store.CreateAsync();
        var failed = (await Store.ClaimAsync()).Token;
        await Store.FailAsync(failed, Examples.Permanent);
        await UnchangedAsync(async () =>
        {
            Assert.Equal((CancelOutcome.Finished, JobState.Completed), (await Store.CancelAsync(completed.JobId, null)) is var first ? (first.Outcome, first.Job!.State) : default);
            Assert.Equal((CancelOutcome.Finished, JobState.Failed), (await Store.CancelAsync(failed.JobId, null)) is var second ? (second.Outcome, second.Job!.State) : default);
        });
    }

    [StoreFact]
    public async Task FinishCanceled_NobodyAsked_ChangesNothing()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await UnchangedAsync(async () => Assert.False(await Store.FinishCanceledAsync(token)));
    }

    [StoreFact]
    public async Task Delete_QueuedJob_HidesItAndItNeverStarts()
    {
        var id = (await Store.CreateAsync()).Id;
        Assert.True(await Store.DeleteAsync(id, null));
        Assert.Null(await Store.GetAsync(id, null));
        Assert.Null(await Store.ClaimAsync("worker-1", Examples.Lease));
        Assert.Empty((await Store.ListAsync(new(null, 10)))!.Jobs);
        Assert.Equal(["canceled"], await Bed.QueryAsync("SELECT state FROM jobs", row => row.GetString(0)));
        Assert.False(await Store.DeleteAsync(id, null));
        Assert.Equal(new CancelResult(CancelOutcome.NotFound, null), await Store.CancelAsync(id, null));
    }

    [StoreFact]
    public async Task Delete_RunningJob_HidesItAndStopsItsWorker()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        Assert.True(await Store.DeleteAsync(token.JobId, null));
        Assert.Null(await Store.GetAsync(token.JobId, null));
        Assert.Equal(HeartbeatReply.CancelRequested, await Store.HeartbeatAsync(token, Examples.Lease));
        Assert.Equal(PublishOutcome.CancelRequested, await Store.PublishAsync(token));
        Assert.True(await Store.FinishCanceledAsync(token));
        Assert.Equal("Created Claimed Deleted Canceled", await Store.KindsAsync(token.JobId));
    }

    [StoreFact]
    public async Task Delete_CompletedJob_HidesItsArtifactsAndGivesThemUpAtTheNextSweep()
    {
        await Store.CreateAsync();
        var token = (await Store.ClaimAsync()).Token;
        await Store.PublishAsync(token);
        Assert.True(await Store.DeleteAsync(token.JobId, ApiKey.LocalId));
        Assert.Empty(await Store.ListArtifactsAsync(token.JobId));
        Assert.Equal([Examples.Video(token).Path], await Store.ExpireAsync(10));
        Assert.Empty(await Store.ExpireAsync(10));
    }

    [StoreFact]
    public async Task ForeignJob_CannotBeSeenCanceledOrDeleted()
    {
        await Store.AddKeyAsync(Examples.Key("other"));
        var id = (await Store.CreateAsync()).Id;
        await UnchangedAsync(async () =>
        {
            Assert.Null(await Store.GetAsync(id, "other"));
            Assert.Equal(CancelOutcome.NotFound, (await Store.CancelAsync(id, "other")).Outcome);
            Assert.False(await Store.DeleteAsync(id, "other"));
            Assert.Empty((await Store.ListAsync(new("other", 10)))!.Jobs);
            Assert.Null(await Store.ListAsync(new("other", 10, After: id)));
        });
    }
}
