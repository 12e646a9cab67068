using Microsoft.Extensions.Logging;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Observe;

public sealed class LogTests
{
    [Fact]
    public async Task Logs_OfAWholeRun_HaveNoPromptNoKeyAndNoQuery()
    {
        const string prompt = "quokka-9471 juggles", query = "token=s3cret-9471";
        var log = new LogCapture();
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true }, configure: log.Attach);
        var key = await server.AddKeyAsync();
        var id = await server.AcceptAsync(prompt, key);
        await server.WaitAsync(id, "completed", key);
        await server.GetAsync($"/v1/videos/{id}/content?{query}", key);
        await server.GetAsync($"/v1/videos/{id}/events?{query}");
        await server.GetAsync($"/v1/videos?after=x&{query}", key);
        await server.CreateAsync(new { prompt, size = "quokka-9471" }, key);
        await server.CreateAsync(new { prompt }, "vg_wrong-9471");
        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/remix", new StringContent($$"""{ "prompt": "{{prompt}} """), key);
        engine.Failure = new InvalidTimeZoneException("no wonder");
        await server.WaitAsync(await server.AcceptAsync(prompt, key), "failed", key);
        await server.StopAsync();

        Assert.Contains(log.Lines, line => line is { EventId: 3006, Level: LogLevel.Error });
        Assert.True(log.Lines.Count > 50, "the capture must have seen the framework's own lines");
        foreach (var secret in (string[])["quokka", "9471", key, key[^20..]])
            Assert.DoesNotContain(log.Lines, line => (line.Text + line.Scopes).Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Logs_OfAJob_CarryWhoseItIsAndWhoMakesIt()
    {
        var log = new LogCapture();
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true }, configure: log.Attach);
        var key = await server.AddKeyAsync();
        var id = await server.AcceptAsync(key: key);
        await server.WaitAsync(id, "completed", key);
        var worker = (await server.Store.ListAttemptsAsync(id)).Single().WorkerId;
        await ApiServer.UntilAsync(() => log.Lines.Any(line => line.EventId == 3002));

        foreach (var line in log.Lines.Where(line => line.EventId is 3001 or 3002))
        {
            Assert.Equal((id, 1L, worker, key[3..15]), (line.Fields["job_id"], line.Fields["epoch"], line.Fields["worker_id"], line.Fields["key_id"]));
            Assert.Contains($"job_id={id} epoch=1 worker_id={worker} key_id={key[3..15]}", line.Scopes);
        }
    }

    [Fact]
    public async Task Logs_OfARequest_CarryItsId()
    {
        var log = new LogCapture();
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false }, configure: log.Attach);
        await server.Store.DisposeAsync();

        var reply = await server.GetAsync("/v1/videos");

        Assert.Equal(500, reply.Status);
        var line = log.Lines.Single(line => line.EventId == 1001 && line.Category.EndsWith("EnvelopeMiddleware", StringComparison.Ordinal));
        Assert.Equal(reply.Headers["x-request-id"], line.Fields["request_id"]);
        Assert.Equal("/v1/videos", line.Fields["RequestPath"]?.ToString());
    }
}
