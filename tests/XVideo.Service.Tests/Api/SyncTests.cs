using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Pipeline;
using XVideo.Service.Api.Endpoints;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class SyncTests
{
    [StoreFact]
    public async Task Sync_Prompt_AnswersTheFileWithWhatItTook()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        var reply = await SyncAsync(server, new { prompt = "a", seed = 7 });

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal("video/mp4", reply.Headers["Content-Type"]);
        var id = reply.Headers["X-Video-Id"];
        Assert.Equal((await server.GetAsync($"/v1/videos/{id}/content")).Bytes, reply.Bytes);
        Assert.Contains($"{id}.mp4", reply.Headers["Content-Disposition"]);
        Assert.Equal("7", reply.Headers["X-Seed"]);
        Assert.True(double.Parse(reply.Headers["X-Inference-Time-S"], CultureInfo.InvariantCulture) >= 0);
        Assert.Equal("1", reply.Headers["X-Peak-Memory-MB"]);
        Assert.Equal(1, JsonElement.Parse(reply.Headers["X-Stage-Durations"]).GetProperty("denoise").GetDouble());
    }

    [StoreFact]
    public async Task Sync_WorkerInAnotherProcess_AnswersTheFile()
    {
        using var engine = new FakeEngine();
        await using var worker = await ApiServer.StartAsync(engine);
        await using var front = await ApiServer.StartAsync(new FakeEngine(), options => options with { RunsWorker = false }, worker.Folder);

        var reply = await SyncAsync(front, new { prompt = "a" });

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal("ftyp"u8.ToArray(), reply.Bytes[4..8]);
        Assert.Single(engine.Begun);
    }

    [StoreFact]
    public async Task Sync_ClientHangsUp_CancelsTheVideo()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        using var running = new CancellationTokenSource();
        using var waiting = new CancellationTokenSource();
        var first = SyncAsync(server, new { prompt = "a" }, cancellation: running.Token);
        await ApiServer.UntilAsync(() => engine.Begun.Count == 1);
        var second = SyncAsync(server, new { prompt = "b" }, cancellation: waiting.Token);
        await UntilQueuedAsync(server, 2);

        await waiting.CancelAsync();
        await running.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await ApiServer.UntilAsync(() => engine.Stopped.Count == 1);
        foreach (var id in await IdsAsync(server))
            Assert.Equal("canceled", (await server.WaitAsync(id, "failed")).GetProperty("error").GetProperty("code").GetString());
        Assert.Single(engine.Begun);
    }

    [StoreFact]
    public async Task Sync_SentTwiceAndOneHangsUp_AnswersTheOther()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var waiters = server.Services.GetRequiredService<SyncWaiters>();
        using var hangUp = new CancellationTokenSource();
        var first = SyncAsync(server, new { prompt = "a" }, cancellation: hangUp.Token);
        await ApiServer.UntilAsync(() => engine.Begun.Count == 1);
        var second = SyncAsync(server, new { prompt = "a" }, headers: ("X-Stainless-Retry-Count", "1"));
        await ApiServer.UntilAsync(() => waiters.Count == 2);
        // The second has its place, and takes a moment to find the job.
        await Task.Delay(300);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await ApiServer.UntilAsync(() => waiters.Count == 1);
        engine.Open();

        var reply = await second;

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal("true", reply.Headers["Idempotent-Replayed"]);
        Assert.Single(await IdsAsync(server));
    }

    [StoreFact]
    public async Task Sync_FailedJob_AnswersItsErrorForGood()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        foreach (var (failure, status, code) in ((Exception, int, string)[])[(new InvalidOutputException("x"), 500, "invalid_output"), (new OutOfMemoryException(), 400, "out_of_memory")])
        {
            engine.Failure = failure;

            var reply = await SyncAsync(server, new { prompt = "a" });

            reply.AssertError(status, code);
            Assert.Equal("false", reply.Headers["x-should-retry"]);
            var video = (await server.GetAsync($"/v1/videos/{reply.Headers["X-Video-Id"]}")).Json;
            Assert.Equal(reply.Error.GetProperty("message").GetString(), video.GetProperty("error").GetProperty("message").GetString());
        }
    }

    [StoreFact]
    public async Task Sync_TimeIsOver_Answers504AndCancels()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { SyncTimeout = TimeSpan.FromSeconds(1) });

        var reply = await SyncAsync(server, new { prompt = "a" });

        reply.AssertError(504, "timeout");
        Assert.Equal("false", reply.Headers["x-should-retry"]);
        await server.WaitAsync(reply.Headers["X-Video-Id"], "failed");
    }

    [StoreFact]
    public async Task Sync_CanceledByAnotherCall_Answers409()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var call = SyncAsync(server, new { prompt = "a" });
        await ApiServer.UntilAsync(() => engine.Begun.Count == 1);

        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{(await IdsAsync(server)).Single()}/cancel");

        (await call).AssertError(409, "canceled");
    }

    [StoreFact]
    public async Task Sync_ServerStops_Answers503AndKeepsTheVideo()
    {
        using var engine = new FakeEngine();
        engine.Close();
        var folder = Directory.CreateTempSubdirectory("xvideo-sync-").FullName;
        try
        {
            string id;
            await using (var server = await ApiServer.StartAsync(engine, folder: folder))
            {
                var call = SyncAsync(server, new { prompt = "a" });
                await ApiServer.UntilAsync(() => engine.Begun.Count == 1);
                var stopping = server.StopAsync();
                var reply = await call;
                reply.AssertError(503, "service_unavailable");
                Assert.Contains("Retry-After", reply.Headers.Keys);
                id = reply.Headers["X-Video-Id"];
                await stopping;
            }
            using var another = new FakeEngine();
            await using var next = await ApiServer.StartAsync(another, folder: folder);
            await next.WaitAsync(id, "completed");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [StoreFact]
    public async Task Sync_FifthCallOfAKey_IsRefused()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        var key = await server.AddKeyAsync();
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var hangUp = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 4).Select(at => SyncAsync(server, new { prompt = $"{at}" }, hangUp.Token)).ToArray();
        await UntilQueuedAsync(server, 4);
        Task<ApiReply> Wrong() => SyncAsync(server, new { prompt = "e", num_frames = 80 });

        // Before it is read, so that it shows what was wrong with it once there is a place.
        (await Wrong()).AssertError(429, "rate_limit_exceeded");

        await hangUp.CancelAsync();
        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ApiServer.UntilAsync(() => server.Services.GetRequiredService<SyncWaiters>().Count == 0);
        (await Wrong()).AssertError(400, "invalid_value", "num_frames");
    }

    [StoreFact]
    public async Task Sync_BadRequest_IsRefusedLikeACreate()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        (await SyncAsync(server, new { prompt = "a", num_frames = 80 })).AssertError(400, "invalid_value", "num_frames");
        Assert.Empty(await IdsAsync(server));
    }

    private static async Task<ApiReply> SyncAsync(ApiServer server, object body, CancellationToken cancellation = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/videos/sync") { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await server.Client.SendAsync(request, cancellation);
        return await ApiReply.ReadAsync(response);
    }

    private static async Task<string[]> IdsAsync(ApiServer server) => [.. (await server.GetAsync("/v1/videos")).Json.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!)];

    private static async Task UntilQueuedAsync(ApiServer server, int count)
    {
        for (var at = 0; at < 500 && (await IdsAsync(server)).Length < count; at++) await Task.Delay(20);
        Assert.Equal(count, (await IdsAsync(server)).Length);
    }
}
