using XVideo.Service.Store;
using XVideo.Service.Store.Sql;

namespace XVideo.Service.Tests.Store;

public abstract partial class JobStoreContract
{
    private const string Completed = "video_00000000000000000000000000000001", Running = "video_00000000000000000000000000000002", Waiting = "video_00000000000000000000000000000003";

    [StoreFact]
    public async Task Open_TablesOfVersion1WithRows_KeepsThem()
    {
        await using var bed = await MakeBedAsync();
        await MakeVersion1Async(bed);

        var store = await bed.OpenAsync();

        await store.ProbeAsync();
        Assert.Equal([(long)Migrations.Latest], await bed.QueryAsync("SELECT version FROM schema_version", row => row.GetInt64(0)));
        var job = await store.SeeAsync(Completed);
        Assert.Equal((JobState.Completed, "a", 1L, 2L, null, null, null), (job.State, job.Prompt, job.ResultEpoch!.Value, job.LastEvent, job.IsPromptTruncated, job.UnknownWords, job.PeakMemoryBytes));
        Assert.Equal("videos/1.mp4", Assert.Single(await store.ListArtifactsAsync(Completed)).Path);
        Assert.Equal([Waiting, Running, Completed], (await store.ListAsync(new("abc", 10)))!.Jobs.Select(entry => entry.Id));
        var key = (await store.FindKeyAsync("abc"))!;
        Assert.Equal(("old", 32, null, 7), (key.Label, key.SecretHash.Length, key.PreviousHash, key.CreatesPerMinute));
        // Work goes on with them.
        var lease = await store.ClaimAsync("worker-2");
        Assert.Equal(Waiting, lease.Job.Id);
        Assert.Equal(PublishOutcome.Published, await store.PublishAsync(lease.Token));
        Assert.Equal(PublishOutcome.Published, await store.PublishAsync(new LeaseToken(Running, 1)));
        Assert.NotNull(await (await bed.OpenAsync()).GetAsync(Running, "abc"));
    }

    // Written as version 1 wrote it, and never to be brought up to date.
    private static async Task MakeVersion1Async(StoreBed bed)
    {
        var sql = bed.Dialect;
        await bed.MakeEmptyAsync();
        await bed.ExecuteAsync(Schema1.Text(sql));
        var now = ManualTime.Start.ToUnixTimeMilliseconds();
        string Bytes(int count) => sql == SqlDialect.Sqlite ? $"x'{new string('0', 2 * count)}'" : $"'\\x{new string('0', 2 * count)}'";
        await bed.ExecuteAsync($"""
            CREATE TABLE schema_version (version {sql.Number} NOT NULL, probed_at {sql.Number} NOT NULL DEFAULT 0) {sql.TableEnd};
            INSERT INTO schema_version (version) VALUES (1);
            INSERT INTO api_keys (key_id, secret_hash, label, scopes, created_at, rpm_create, rpm_read, max_queued, max_running) VALUES
                ('local', {Bytes(0)}, 'everybody', 'videos:read videos:write admin', {now}, 1000, 1000, 1000, 1000),
                ('abc', {Bytes(32)}, 'old', 'videos:read videos:write', {now}, 7, 70, 20, 2);
            INSERT INTO jobs (id, owner_key_id, state, priority, attempts, max_attempts, lease_epoch, lease_owner, lease_boot_id, lease_expires_at, model, prompt, params, request_hash,
                seed, cost_units, phase, created_at, started_at, completed_at, result_epoch, last_event) VALUES
                ('{Completed}', 'abc', 'completed', 0, 1, 3, 1, NULL, NULL, NULL, 'default', 'a', '{Braces}', {Bytes(32)}, 1, 1, 'publish', {now}, {now}, {now}, 1, 2),
                ('{Running}', 'abc', 'running', 0, 1, 3, 1, 'worker-1', '', {now + 1_000_000}, 'default', 'b', '{Braces}', {Bytes(32)}, 2, 1, 'denoise', {now}, {now}, NULL, NULL, 2),
                ('{Waiting}', 'abc', 'queued', 0, 0, 3, 0, NULL, NULL, NULL, 'default', 'c', '{Braces}', {Bytes(32)}, 3, 1, 'queued', {now}, NULL, NULL, NULL, 1);
            INSERT INTO artifacts (job_id, variant, rel_path, content_type, bytes, sha256, width, height) VALUES ('{Completed}', 'video', 'videos/1.mp4', 'video/mp4', 10, {Bytes(32)}, 64, 48);
            INSERT INTO attempts (job_id, epoch, worker_id, started_at) VALUES ('{Completed}', 1, 'worker-1', {now}), ('{Running}', 1, 'worker-1', {now});
            INSERT INTO job_events (job_id, n, kind, state, epoch, created_at) VALUES ('{Completed}', 1, 'created', 'queued', 0, {now}), ('{Completed}', 2, 'published', 'completed', 1, {now});
            INSERT INTO checkpoints (job_id, epoch, step, rel_path, bytes, sha256, config_hash) VALUES ('{Running}', 1, 3, 'checkpoints/2', 10, {Bytes(32)}, {Bytes(32)});
            """);
    }

    private const string Braces = "{}";
}
