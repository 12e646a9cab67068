using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class RouteTests
{
    [StoreFact]
    public async Task Models_ListAndOne_HaveTheServedModel()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        var model = Assert.Single((await server.GetAsync("/v1/models")).Json.GetProperty("data").EnumerateArray());

        Assert.Equal((FakeEngine.ModelId, "model"), (model.GetProperty("id").GetString(), model.GetProperty("object").GetString()));
        Assert.Equal(1_728_000_000, model.GetProperty("created").GetInt64());
        Assert.Equal("xvideo", model.GetProperty("owned_by").GetString());
        Assert.Equal(model.ToString(), (await server.GetAsync($"/v1/models/{FakeEngine.ModelId}")).Text);
        (await server.GetAsync("/v1/models/nope")).AssertError(404, "model_not_found", "model");
    }

    [StoreFact]
    public async Task Queue_OneRunningOneWaiting_CountsBoth()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        await server.WaitAsync(await server.AcceptAsync(), "in_progress");
        var second = await server.CreateAsync(new { prompt = "b" });

        var queue = (await server.GetAsync("/v1/queue")).Json;

        Assert.Equal((1, 1, 1, 1), (queue.GetProperty("depth").GetInt32(), queue.GetProperty("running").GetInt32(), queue.GetProperty("own_queued").GetInt32(), queue.GetProperty("own_running").GetInt32()));
        Assert.Equal(1, second.Json.GetProperty("queue_position").GetInt32());
    }

    [StoreTheory]
    [InlineData("PUT", "/v1/videos", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/nope", 404, "not_found")]
    [InlineData("POST", "/v1/videos/edits", 501, "not_implemented")]
    [InlineData("POST", "/v1/videos/extensions", 501, "not_implemented")]
    [InlineData("POST", "/v1/videos/characters", 501, "not_implemented")]
    [InlineData("GET", "/v1/videos/characters/x", 501, "not_implemented")]
    public async Task Route_NotThere_AnswersTheEnvelope(string method, string path, int status, string code)
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        var reply = await server.SendAsync(new HttpMethod(method), path);

        reply.AssertError(status, code);
        if (status == 501) Assert.Equal("false", reply.Headers["x-should-retry"]);
    }

    [StoreFact]
    public async Task Health_LoadedServer_IsHealthyAndReady()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        await server.WaitAsync(await server.AcceptAsync(), "completed");

        Assert.Equal("Healthy", (await server.GetAsync("/healthz")).Text);
        var ready = await server.GetAsync("/readyz");
        Assert.True(ready.Status == 200, ready.Text);
        Assert.Equal("ok", ready.Json.GetProperty("checks").GetProperty("model").GetString());
    }

    [StoreFact]
    public async Task Readiness_DiskAlmostFull_Is503AndCreatesAreRefused()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { MinimumFreeBytes = long.MaxValue });

        Assert.Equal(503, (await server.GetAsync("/readyz")).Status);
        var reply = await server.CreateAsync(new { prompt = "a" });
        reply.AssertError(503, "insufficient_storage");
        Assert.Equal("30", reply.Headers["Retry-After"]);
    }
}
