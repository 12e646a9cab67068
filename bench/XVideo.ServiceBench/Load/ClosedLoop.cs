using System.Diagnostics;

namespace XVideo.ServiceBench.Load;

/// <summary>Clients that call again as soon as they have an answer, or at a pace.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs for a time.</summary>
    /// <param name="clients">At once.</param>
    /// <param name="time">How long.</param>
    /// <param name="call">One call; given its client's own random numbers.</param>
    /// <param name="pause">Between two calls of a client.</param>
    /// <returns>How long it was until the last call was answered.</returns>
    public static async Task<TimeSpan> RunAsync(int clients, TimeSpan time, Func<Random, Task> call, TimeSpan pause = default)
    {
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            while (Stopwatch.GetElapsedTime(begin) < time)
            {
                await call(random);
                if (pause > TimeSpan.Zero) await Task.Delay(pause);
            }
        })));
        return Stopwatch.GetElapsedTime(begin);
    }
}
