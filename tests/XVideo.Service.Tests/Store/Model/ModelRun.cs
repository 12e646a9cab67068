using System.Data.Common;
using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

/// <summary>A history played to a store and to the model at once. Workers keep every lease they ever had, and use old ones too: a paused process does.</summary>
internal sealed class ModelRun(StoreBed bed, IJobStore store)
{
    private static readonly string[] Owners = ["first", "second"];

    private readonly ModelQueue model = new() { Now = ManualTime.Start.ToUnixTimeMilliseconds() };
    private readonly List<LeaseToken>[] leases = [[], [], []];
    private readonly Dictionary<string, JobState> final = [];

    public async Task PlayAsync(IEnumerable<ModelStep> steps)
    {
        foreach (var owner in Owners) await store.AddKeyAsync(Examples.Key(owner, maxRunning: ModelQueue.MaxRunning));
        foreach (var step in steps)
        {
            await PlayAsync(step);
            await CheckAsync();
        }
    }

    private async Task PlayAsync(ModelStep step)
    {
        switch (step.Action)
        {
            case ModelAction.Create:
                await CreateAsync(step.Dice);
                break;
            case ModelAction.Claim:
                await ClaimAsync(step.Worker, step.Dice);
                break;
            case ModelAction.Wait:
                var seconds = ((int[])[1, 4, 5, 31, 61])[step.Dice % 5];
                await bed.AdvanceAsync(TimeSpan.FromSeconds(seconds));
                model.Now += seconds * 1000;
                break;
            case ModelAction.Reap:
                Assert.Equal(model.Reap().Order(), (await store.ReapAsync()).Select(job => job.Id).Order());
                break;
            case ModelAction.Tidy:
                await TidyAsync(step.Dice);
                break;
            case ModelAction.Cancel when model.Jobs is [_, ..]:
                var canceled = model.Jobs[step.Dice % model.Jobs.Count];
                Assert.Equal(model.Cancel(canceled), (await store.CancelAsync(canceled.Id, canceled.Owner)).Outcome);
                break;
            case ModelAction.Delete when model.Jobs is [_, ..]:
                var deleted = model.Jobs[step.Dice % model.Jobs.Count];
                Assert.Equal(model.Delete(deleted), await store.DeleteAsync(deleted.Id, deleted.Owner));
                break;
            default:
                // Mostly the latest lease, sometimes an old one.
                if (leases[step.Worker] is [_, ..] held) await WorkAsync(step.Action, step.Dice % 4 == 0 ? held[step.Dice / 4 % held.Count] : held[^1], step.Dice);
                break;
        }
    }

    private async Task TidyAsync(int dice)
    {
        var places = model.Jobs.Select(job => (job.Id, job.Owner)).ToArray();
        model.Tidy();
        await store.ExpireAsync(int.MaxValue);
        var removed = await store.PurgeAsync(new() { Finished = TimeSpan.FromMilliseconds(ModelQueue.KeepRows), Tombstones = TimeSpan.FromMilliseconds(ModelQueue.KeepTombstones) });
        Assert.Equal(places.Length - model.Jobs.Count, removed.Jobs);
        if (places is []) return;
        // A page that begins behind a job, whether that is still there or not.
        var (id, owner) = places[dice % places.Length];
        Assert.Equal(model.After(owner, id), (await store.ListAsync(new(owner, int.MaxValue - 1, id)))?.Jobs.Select(job => job.Id));
    }

    private async Task CreateAsync(int dice)
    {
        var job = await store.CreateAsync(Examples.Job($"{dice}", Owners[dice % 2]) with { Priority = dice % 3 - 1, MaxAttempts = 1 + dice % 3 });
        model.Jobs.Add(new(job.Id, job.Sequence, job.OwnerKeyId, job.Priority, job.MaxAttempts));
    }

    private async Task ClaimAsync(int worker, int dice)
    {
        var milliseconds = dice % 2 == 0 ? 30_000 : 60_000;
        var lease = await store.ClaimAsync($"worker-{worker}", TimeSpan.FromMilliseconds(milliseconds));
        var expected = model.Claim(milliseconds);
        Assert.Equal((expected?.Id, expected?.Epoch), (lease?.Job.Id, lease?.Job.Epoch));
        if (lease is not null) leases[worker].Add(lease.Token);
    }

    private async Task WorkAsync(ModelAction action, LeaseToken token, int dice)
    {
        switch (action)
        {
            case ModelAction.Heartbeat:
                Assert.Equal(model.Heartbeat(token, 30_000), await store.HeartbeatAsync(token, TimeSpan.FromSeconds(30), dice % 2 == 0 ? null : new(JobPhase.Denoise, dice % 20, 20, dice % 100)));
                break;
            case ModelAction.Publish:
                Assert.Equal(model.Publish(token), await store.PublishAsync(token, [Examples.Video(token)], TimeSpan.FromMilliseconds(ModelQueue.KeepFor)));
                break;
            case ModelAction.FailTransient or ModelAction.FailPermanent:
                var isTransient = action == ModelAction.FailTransient;
                Assert.Equal(model.Fail(token, isTransient), await store.FailAsync(token, isTransient ? Examples.Transient : Examples.Permanent));
                break;
            case ModelAction.Release:
                Assert.Equal(model.Release(token), await store.ReleaseAsync(token));
                break;
            case ModelAction.FinishCanceled:
                Assert.Equal(model.FinishCanceled(token), await store.FinishCanceledAsync(token));
                break;
        }
    }

    private async Task CheckAsync()
    {
        var rows = await bed.QueryAsync(Row.Query, Row.Read);
        Assert.Equal(model.Jobs.Select(job => job.ToString()), rows.Select(row => row.ToString()));
        foreach (var (row, job) in rows.Zip(model.Jobs)) CheckInvariants(row, job);
    }

    // These hold whatever the model says: a mistake made twice alike is still found.
    private void CheckInvariants(Row row, ModelJob job)
    {
        Assert.True(row.OpenAttempts == (row.State == JobState.Running ? 1 : 0), $"{row} has {row.OpenAttempts} open attempts");
        Assert.True(row.Attempts <= job.MaxAttempts && row.Epoch <= job.MaxAttempts + job.Releases, $"{row} was claimed more often than {job.MaxAttempts} times, with {job.Releases} releases");
        Assert.True(row.State == JobState.Completed ? row.Artifacts == (job.HasFile ? 1 : 0) && row.ResultEpoch is not null : row.Artifacts == 0 && row.ResultEpoch is null, $"{row} is {row.State} with {row.Artifacts} artifacts");
        Assert.True(row.Events == row.LastEvent, $"{row} has {row.Events} events and counts {row.LastEvent}");
        if (final.TryGetValue(row.Id, out var before)) Assert.Equal(before, row.State);
        else if (job.IsFinal) final[row.Id] = row.State;
    }

    private sealed record Row(string Id, JobState State, long Attempts, long Epoch, bool IsCancelRequested, bool IsDeleted, long? ResultEpoch, long Artifacts, long OpenAttempts, long Events, long LastEvent)
    {
        public const string Query = """
            SELECT id, state, attempts, lease_epoch, cancel_requested_at, deleted_at, result_epoch,
                (SELECT count(*) FROM artifacts a WHERE a.job_id = jobs.id AND a.rel_path LIKE '%.' || jobs.result_epoch || '.mp4'),
                (SELECT count(*) FROM attempts t WHERE t.job_id = jobs.id AND t.ended_at IS NULL), (SELECT count(*) FROM job_events e WHERE e.job_id = jobs.id), last_event
            FROM jobs ORDER BY seq
            """;

        public static Row Read(DbDataReader row) => new(row.GetString(0), Enum.Parse<JobState>(row.GetString(1), ignoreCase: true), row.GetInt64(2), row.GetInt64(3), !row.IsDBNull(4), !row.IsDBNull(5),
            row.IsDBNull(6) ? null : row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10));

        public override string ToString() =>
            $"{Id} {State} attempts={Attempts} epoch={Epoch} cancel={IsCancelRequested} deleted={IsDeleted} result={ResultEpoch} artifacts={Artifacts}";
    }
}
