using XVideo.Pipeline.Requests;
using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    [StoreFact]
    public async Task Create_NewJob_IsQueuedWithEverythingThatWasGiven()
    {
        var given = Examples.Job("ein roter Ball 🎈\n'; DROP TABLE jobs; --") with
        {
            Seed = RequestRules.MaximumSeed,
            IsPromptTruncated = true,
            UnknownWords = ["roter", "ein🎈"],
            CostUnits = 123_456_789_012,
            Priority = -3,
            MaxAttempts = 7,
            Parameters = """{"z":1, "a": [1.5,  null], "seed": 9223372036854775807}""",
            RemixedFrom = JobId.New(),
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        };
        var created = await Store.CreateAsync(given);
        var job = await Store.SeeAsync(given.Id);
        Assert.Equivalent(created, job, strict: true);
        Assert.Equal((given.Id, given.OwnerKeyId, given.Model, given.Prompt, given.Parameters), (job.Id, job.OwnerKeyId, job.Model, job.Prompt, job.Parameters));
        Assert.Equal((given.Seed, given.CostUnits, given.Priority, given.MaxAttempts, given.RemixedFrom, given.TraceParent), (job.Seed, job.CostUnits, job.Priority, job.MaxAttempts, job.RemixedFrom, job.TraceParent));
        Assert.Equal(given.RequestHash, job.RequestHash);
        Assert.Equal((true, "roter ein🎈"), (job.IsPromptTruncated!.Value, string.Join(' ', job.UnknownWords!)));
        Assert.Equal((JobState.Queued, JobPhase.Queued, 0, 0L, 0, 1L), (job.State, job.Phase, job.Attempts, job.Epoch, job.Progress, job.LastEvent));
        Assert.Equal(ManualTime.Start, job.CreatedAt);
        Assert.Equal([null, null, null, null, null, null, null, null, null], (object?[])[job.AttemptError, job.PeakMemoryBytes, job.RunAfter, job.WorkerId, job.StartedAt, job.CompletedAt, job.ExpiresAt, job.ErrorCode, job.ResultEpoch]);
    }

    [StoreFact]
    public async Task Create_SameIdAgain_GivesTheSameJob()
    {
        var job = await Store.CreateAsync(Examples.Job("one") with { Id = "video_0123456789abcdef0123456789abcdef" });
        var again = await Store.CreateAsync(Examples.Job("one") with { Id = job.Id });
        Assert.Equal(job.Sequence, again.Sequence);
        Assert.Single((await Store.ListAsync(new(null, 10)))!.Jobs);
    }

    [StoreFact]
    public async Task Create_FullQueue_IsRefusedAndChangesNothing()
    {
        await Store.CreateAsync(Examples.Job("1"));
        await Store.CreateAsync(Examples.Job("2"));
        await UnchangedAsync(async () => Assert.Equal(new CreateResult(CreateOutcome.QueueFull, null), await Store.CreateAsync(Examples.Job("3"), maxQueued: 2)));
        await Store.ClaimAsync();
        Assert.Equal(CreateOutcome.Created, (await Store.CreateAsync(Examples.Job("3"), maxQueued: 2)).Outcome);
    }

    [StoreFact]
    public async Task Create_OwnersShareUsedUp_IsRefusedForThatOwnerAlone()
    {
        await Store.AddKeyAsync(Examples.Key("small", maxQueued: 1));
        await Store.AddKeyAsync(Examples.Key("other"));
        await Store.CreateAsync(Examples.Job("1", "small"));
        await UnchangedAsync(async () => Assert.Equal(new CreateResult(CreateOutcome.OwnerQueueFull, null), await Store.CreateAsync(Examples.Job("2", "small"), int.MaxValue)));
        await Store.CreateAsync(Examples.Job("2", "other"));
        await Store.ClaimAsync();
        await Store.CreateAsync(Examples.Job("3", "small"));
    }

    [StoreFact]
    public async Task Create_IdempotencyKeyAgain_ReplaysTheJobAsItIsNow()
    {
        var first = await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" });
        await Store.ClaimAsync();
        await UnchangedAsync(async () =>
        {
            var again = await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" }, maxQueued: 0);
            Assert.Equal((CreateOutcome.Replayed, first.Id, JobState.Running), (again.Outcome, again.Job!.Id, again.Job.State));
        });
    }

    [StoreFact]
    public async Task Create_IdempotencyKeyWithAnotherRequest_IsRefused()
    {
        await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" });
        await UnchangedAsync(async () => Assert.Equal(new CreateResult(CreateOutcome.KeyReused, null), await Store.CreateAsync(Examples.Job("two") with { IdempotencyKey = "k" }, int.MaxValue)));
    }

    [StoreFact]
    public async Task Create_IdempotencyKeyOfAnotherOwner_IsAnotherKey()
    {
        await Store.AddKeyAsync(Examples.Key("other"));
        var first = await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" });
        var second = await Store.CreateAsync(Examples.Job("one", "other") with { IdempotencyKey = "k" });
        Assert.NotEqual(first.Id, second.Id);
    }

    [StoreFact]
    public async Task Create_IdempotencyKeyAfter24Hours_IsForgotten()
    {
        await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" });
        await Bed.AdvanceAsync(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(CreateOutcome.KeyReused, (await Store.CreateAsync(Examples.Job("two") with { IdempotencyKey = "k" }, int.MaxValue)).Outcome);
        await Bed.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await Store.CreateAsync(Examples.Job("two") with { IdempotencyKey = "k" });
        Assert.Equal(CreateOutcome.KeyReused, (await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" }, int.MaxValue)).Outcome);
    }

    [StoreFact]
    public async Task Create_RetryWithin120Seconds_IsTakenForTheFirst()
    {
        await Store.AddKeyAsync(Examples.Key("other"));
        var first = await Store.CreateAsync(Examples.Job("one"));
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(120));
        var retry = await Store.CreateAsync(Examples.Job("one") with { IsRetry = true }, int.MaxValue);
        Assert.Equal((CreateOutcome.Replayed, first.Id), (retry.Outcome, retry.Job!.Id));
        Assert.Equal(CreateOutcome.Created, (await Store.CreateAsync(Examples.Job("one", "other") with { IsRetry = true }, int.MaxValue)).Outcome);
        Assert.Equal(CreateOutcome.Created, (await Store.CreateAsync(Examples.Job("two") with { IsRetry = true }, int.MaxValue)).Outcome);
        await Bed.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(CreateOutcome.Created, (await Store.CreateAsync(Examples.Job("one") with { IsRetry = true }, int.MaxValue)).Outcome);
    }

    [StoreFact]
    public async Task Create_RetryOfACanceledJob_IsAJobOfItsOwn()
    {
        var first = await Store.CreateAsync(Examples.Job("one"));
        await Store.CancelAsync(first.Id, null);
        var second = await Store.CreateAsync(Examples.Job("one") with { IsRetry = true });
        await Store.ClaimAsync();
        await Store.CancelAsync(second.Id, null);
        var third = await Store.CreateAsync(Examples.Job("one") with { IsRetry = true });
        await Store.DeleteAsync(third.Id, null);
        var fourth = await Store.CreateAsync(Examples.Job("one") with { IsRetry = true });
        Assert.Equal(4, new[] { first, second, third, fourth }.Select(job => job.Id).Distinct().Count());
    }

    [StoreFact]
    public async Task Create_IdempotencyKeyOfADeletedJob_StillNamesIt()
    {
        var first = await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" });
        await Store.DeleteAsync(first.Id, null);
        var again = await Store.CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" }, int.MaxValue);
        Assert.Equal((CreateOutcome.Replayed, first.Id, true), (again.Outcome, again.Job!.Id, again.Job.DeletedAt is not null));
    }

    [StoreFact]
    public async Task Create_EqualRequestsThatAreNoRetries_AreJobsOfTheirOwn()
    {
        var ids = new HashSet<string>();
        for (var at = 0; at < 4; at++) ids.Add((await Store.CreateAsync(Examples.Job("batch"))).Id);
        Assert.Equal(4, ids.Count);
    }

    [StoreFact]
    public async Task Create_SixteenAtOnceWithOneKey_MakeOneJob()
    {
        var stores = new[] { Store, await Bed.OpenAsync() };
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(at => Task.Run(() => stores[at % 2].CreateAsync(Examples.Job("one") with { IdempotencyKey = "k" }, maxQueued: 1))));
        Assert.Single(results, result => result.Outcome == CreateOutcome.Created);
        Assert.Equal(15, results.Count(result => result.Outcome == CreateOutcome.Replayed));
        Assert.Single(results.Select(result => result.Job!.Id).Distinct());
        Assert.Single((await Store.ListAsync(new(null, 100)))!.Jobs);
    }

    [StoreFact]
    public async Task Create_ManyAtOnce_NeverExceedTheLimit()
    {
        var stores = new[] { Store, await Bed.OpenAsync() };
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(at => Task.Run(() => stores[at % 2].CreateAsync(Examples.Job($"{at}"), maxQueued: 7))));
        Assert.Equal(7, results.Count(result => result.Outcome == CreateOutcome.Created));
        Assert.Equal(7, (await Store.GetQueueStatusAsync()).Queued);
    }

    [StoreFact]
    public async Task Create_UnknownOwner_NamesIt()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Store.CreateAsync(Examples.Job(owner: "nobody"), 10));
        Assert.Contains("\"nobody\"", error.Message);
    }

    [StoreFact]
    public async Task Create_FieldsOutOfRange_AreRefused()
    {
        NewJob[] wrong =
        [
            Examples.Job() with { Id = "video_1" }, Examples.Job() with { Seed = -1 }, Examples.Job() with { Seed = RequestRules.MaximumSeed + 1 },
            Examples.Job() with { UnknownWords = ["a b"] }, Examples.Job() with { UnknownWords = [""] }, Examples.Job() with { CostUnits = -1 }, Examples.Job() with { MaxAttempts = 0 },
            Examples.Job() with { RequestHash = [1, 2] }, Examples.Job() with { Parameters = "{" }, Examples.Job() with { Prompt = "a\0b" }, Examples.Job() with { Prompt = "\ud800" },
            Examples.Job() with { IdempotencyKey = "" }, Examples.Job() with { IdempotencyKey = new string('k', 256) },
        ];
        foreach (var job in wrong) await UnchangedAsync(() => Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CreateAsync(job, 10)));
    }
}
