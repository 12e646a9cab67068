using XVideo.Service.Store;
using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Worker;

/// <summary>What a server does between SIGTERM and its end.</summary>
public class DrainTests
{
    [StoreFact]
    public async Task Drain_JobNearlyDone_ApiAnswersUntilItIsFinished()
    {
        using var engine = new FakeEngine { Remaining = TimeSpan.FromSeconds(3) };
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var running = await BeginAsync(server, engine);
        var waiting = await server.AcceptAsync();
        using var events = await server.Client.GetAsync($"/v1/videos/{running}/events", HttpCompletionOption.ResponseHeadersRead);

        var stop = server.StopAsync();
        await UntilStatusAsync(server, "/readyz", 503);

        // What only reads is answered, what would be new work is not, and nobody is told that the process is dead.
        Assert.Equal("in_progress", (await server.GetAsync($"/v1/videos/{running}")).Json.GetProperty("status").GetString());
        Assert.Equal(200, (await server.GetAsync("/v1/videos")).Status);
        Assert.Equal(200, (await server.GetAsync("/healthz")).Status);
        var refused = await server.CreateAsync(new { prompt = "a red ball" });
        refused.AssertError(503, "service_unavailable");
        Assert.Equal("30", refused.Headers["Retry-After"]);
        Assert.False(stop.IsCompleted);
        engine.Open();
        var told = await events.Content.ReadAsStringAsync();
        await stop;

        Assert.Contains("event: done\n", told);
        Assert.Contains("\"status\":\"completed\"", told[told.IndexOf("event: done", StringComparison.Ordinal)..]);
        Assert.Equal(JobState.Completed, (await server.Store.GetAsync(running, null))!.State);
        Assert.Equal(JobState.Queued, (await server.Store.GetAsync(waiting, null))!.State);
        Assert.Single(engine.Begun);
        Assert.Empty(await server.Store.ListWorkersAsync());
    }

    [StoreFact]
    public async Task Drain_JobThatTakesLongerThanItSaid_GoesBackAfterTheDrainTime()
    {
        using var engine = new FakeEngine { Remaining = TimeSpan.FromMilliseconds(10) };
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { DrainTimeout = TimeSpan.FromMilliseconds(300) });
        var id = await BeginAsync(server, engine);

        await server.StopAsync();

        var job = (await server.Store.GetAsync(id, null))!;
        Assert.Equal((JobState.Queued, 0), (job.State, job.Attempts));
        Assert.Single(engine.Stopped);
    }

    [StoreFact]
    public async Task Stop_OpenEventStreams_GetALastEventAndHoldNothingUp()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var running = await BeginAsync(server, engine);
        var waiting = await server.AcceptAsync();
        using var first = await server.Client.GetAsync($"/v1/videos/{running}/events", HttpCompletionOption.ResponseHeadersRead);
        using var second = await server.Client.GetAsync($"/v1/videos/{waiting}/events", HttpCompletionOption.ResponseHeadersRead);

        // Without an end of their own, the streams would be cut off a minute later, and reading them would throw.
        await server.StopAsync();

        Assert.EndsWith("event: closing\ndata: {\"reason\":\"server_stopping\"}\n\n", await second.Content.ReadAsStringAsync());
        var told = await first.Content.ReadAsStringAsync();
        Assert.EndsWith("event: closing\ndata: {\"reason\":\"server_stopping\"}\n\n", told);
        // That it was put back is told before.
        Assert.Contains("\"status\":\"queued\"", told[told.LastIndexOf("event: status", StringComparison.Ordinal)..]);
    }

    private static async Task<string> BeginAsync(ApiServer server, FakeEngine engine)
    {
        var id = await server.AcceptAsync();
        await ApiServer.UntilAsync(() => engine.Begun.Count == 1);
        // The first step has been reported, and written down, by then.
        for (var at = 0; (await server.GetAsync($"/v1/videos/{id}")).Json.GetProperty("step").GetInt32() == 0; at++)
        {
            Assert.True(at < 1000, "The first step is not reported.");
            await Task.Delay(20);
        }
        return id;
    }

    private static async Task UntilStatusAsync(ApiServer server, string path, int status)
    {
        for (var at = 0; (await server.GetAsync(path)).Status != status; at++)
        {
            Assert.True(at < 200, $"{path} does not become {status}.");
            await Task.Delay(20);
        }
    }
}
