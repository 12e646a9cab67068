using System.Collections.Concurrent;
using System.Diagnostics;

namespace XVideo.ServiceBench.Load;

/// <summary>What many users do at once, at a steady pace: creates, polls, pages, event streams, deletes, while the worker works. Memory, handles and log file must not grow with time.</summary>
internal sealed class MixedLoad(LoadClient client, IReadOnlyList<string> keys, ServerSamples samples)
{
    private const int Creators = 2, Pollers = 40, Streams = 20;
    private const int Kept = 500; // of the newest videos; older ones are deleted
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private readonly ConcurrentQueue<string> _kept = [];

    /// <summary>Runs, and prints what it was like.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        var warmUp = time / 5;
        var (create, status, page, delete) = (new Latencies(), new Latencies(), new Latencies(), new Latencies());
        using var end = new CancellationTokenSource(time);
        var begin = Stopwatch.GetTimestamp();
        var sampling = SampleAsync(begin, end.Token);
        var streams = Enumerable.Range(0, Streams).Select(at => FollowAsync(at, end.Token)).ToArray();
        await Task.WhenAll(
            ClosedLoop.RunAsync(Creators, time, _ => CreateAsync(create, delete), TimeSpan.FromMilliseconds(100)),
            ClosedLoop.RunAsync(Pollers, time, random => PollAsync(random, status), TimeSpan.FromMilliseconds(200)),
            ClosedLoop.RunAsync(1, time, random => client.PageAsync(keys[random.Next(keys.Count)], null, page), TimeSpan.FromMilliseconds(200)));
        var elapsed = Stopwatch.GetElapsedTime(begin);
        await sampling;
        var followed = await Task.WhenAll(streams);
        Console.WriteLine($"mixed load, {elapsed.TotalMinutes:0.0} min, {followed.Sum()} event streams followed to their end");
        Console.WriteLine(create.Describe("  create", elapsed));
        Console.WriteLine(status.Describe("  status", elapsed));
        Console.WriteLine(page.Describe("  first page", elapsed));
        Console.WriteLine(delete.Describe("  delete", elapsed));
        Console.WriteLine(samples.Describe(warmUp));
    }

    private async Task CreateAsync(Latencies create, Latencies delete)
    {
        await client.CreateAsync(create);
        while (client.Ids.TryDequeue(out var id)) _kept.Enqueue(id);
        if (_kept.Count > Kept && _kept.TryDequeue(out var old)) await client.DeleteAsync(old, delete);
    }

    private Task PollAsync(Random random, Latencies status)
    {
        // Not the oldest, which may be deleted at this moment.
        var ids = _kept.TakeLast(Kept / 2).ToArray();
        return ids.Length == 0 ? Task.CompletedTask : client.StatusAsync(ids[random.Next(ids.Length)], status);
    }

    private async Task<int> FollowAsync(int at, CancellationToken end)
    {
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            // One behind the other: four streams of one key are the most.
            if (_kept.Reverse().Skip(at).FirstOrDefault() is { } recent) await client.FollowAsync(recent, end);
            await Task.Delay(500, CancellationToken.None);
            count++;
        }
        return count;
    }

    private async Task SampleAsync(long begin, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            samples.Take(Stopwatch.GetElapsedTime(begin));
            await Task.Delay(SampleEvery, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
