namespace XVideo.ServiceBench.Crash;

/// <summary>Waits for a moment, seen from outside: by the files that appear.</summary>
internal sealed class MomentWatch(string filesFolder, Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>Waits for the moment, or 15 s when it does not come.</summary>
    /// <returns>The moment it was.</returns>
    public async Task<KillMoment> WaitAsync(KillMoment moment, CancellationToken cancellation)
    {
        if (moment == KillMoment.AnyTime)
        {
            await Task.Delay(random.Next(3000), cancellation);
            return moment;
        }
        var (folder, longestAfter) = moment switch
        {
            KillMoment.Checkpoint => ("checkpoints", 300),
            KillMoment.Encoding => ("tmp", 60),
            _ => ("videos", 0),
        };
        var hasCome = await ChangeAsync(Path.Combine(filesFolder, folder), cancellation);
        if (hasCome && longestAfter > 0) await Task.Delay(random.Next(longestAfter), cancellation);
        return hasCome ? moment : KillMoment.AnyTime;
    }

    private static async Task<bool> ChangeAsync(string folder, CancellationToken cancellation)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => seen.TrySetResult();
        watcher.Renamed += (_, _) => seen.TrySetResult();
        watcher.EnableRaisingEvents = true;
        return await Task.WhenAny(seen.Task, Task.Delay(Longest, cancellation)) == seen.Task;
    }
}
