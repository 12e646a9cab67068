using XVideo.Service.Store;

namespace XVideo.Service.Tests.Store;

/// <summary>What every store does, whatever database is under it. The parts follow the state machine.</summary>
public abstract partial class JobStoreContract : IAsyncLifetime
{
    private protected StoreBed Bed { get; private set; } = null!;

    private protected IJobStore Store { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Bed = await MakeBedAsync();
        Store = await Bed.OpenAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Bed.DisposeAsync();

    private protected abstract Task<StoreBed> MakeBedAsync();

    // The row with everything in it, to see that nothing changed.
    private async Task<string> SnapshotAsync()
    {
        var tables = new[] { "jobs", "job_events", "attempts", "artifacts", "idempotency", "usage_daily" };
        var lines = new List<string>();
        foreach (var table in tables)
            lines.AddRange((await Bed.QueryAsync($"SELECT * FROM {table}", row => $"{table}: {string.Join(" | ", Enumerable.Range(0, row.FieldCount).Select(at => row.IsDBNull(at) ? "null" : row.GetValue(at) is byte[] bytes ? Convert.ToHexString(bytes) : row.GetValue(at)))}")).Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    private async Task UnchangedAsync(Func<Task> action)
    {
        var before = await SnapshotAsync();
        await action();
        Assert.Equal(before, await SnapshotAsync());
    }

    // A lease that ran out and whose job is somebody else's now.
    private async Task<(Lease Stale, Lease Current)> LoseLeaseAsync()
    {
        await Store.CreateAsync();
        var stale = await Store.ClaimAsync("worker-1");
        await Bed.AdvanceAsync(Examples.Lease + TimeSpan.FromSeconds(1));
        Assert.Single(await Store.ReapAsync());
        await Bed.AdvanceAsync(TimeSpan.FromSeconds(60));
        return (stale, await Store.ClaimAsync("worker-2"));
    }
}
