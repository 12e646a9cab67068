using System.Net.ServerSentEvents;
using System.Text.Json;

namespace XVideo.Service.Tests.Api;

public sealed class EventTests
{
    [Fact]
    public async Task Events_FollowedToTheEnd_BeginWithASnapshotAndEndWithDone()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var first = await server.AcceptAsync();
        await server.WaitAsync(first, "in_progress");
        var id = (await server.CreateAsync(new { prompt = "b", preview_every_steps = 1 })).Json.GetProperty("id").GetString()!;

        var events = new List<SseItem<string>>();
        await foreach (var item in FollowAsync(server, id))
        {
            events.Add(item);
            if (item.EventType == "snapshot") engine.Open();
        }

        Assert.Equal("snapshot", events[0].EventType);
        Assert.Equal("queued", JsonElement.Parse(events[0].Data).GetProperty("status").GetString());
        Assert.Equal("done", events[^1].EventType);
        Assert.Equal("completed", JsonElement.Parse(events[^1].Data).GetProperty("status").GetString());
        Assert.Single(events, item => item.EventType == "done");
        Assert.Equal("completed", JsonElement.Parse(events.Last(item => item.EventType == "status").Data).GetProperty("status").GetString());
        Assert.All(events, item => Assert.Matches(@"^\d+\.\d+\.\d+$", item.EventId));
    }

    [Fact]
    public async Task Events_WhileAStepIsHeld_TellProgressAndPreview()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var first = await server.AcceptAsync();
        await server.WaitAsync(first, "in_progress");
        var id = (await server.CreateAsync(new { prompt = "b", preview_every_steps = 1 })).Json.GetProperty("id").GetString()!;
        var kinds = new Dictionary<string, JsonElement>();
        await foreach (var item in FollowAsync(server, id))
        {
            if (item.EventType == "snapshot") await server.SendAsync(HttpMethod.Post, $"/v1/videos/{first}/cancel");
            kinds[item.EventType] = JsonElement.Parse(item.Data);
            if (kinds.ContainsKey("progress") && kinds.ContainsKey("preview")) break;
        }

        Assert.Equal(("denoise", 1, 4), (kinds["progress"].GetProperty("phase").GetString(), kinds["progress"].GetProperty("step").GetInt32(), kinds["progress"].GetProperty("steps_total").GetInt32()));
        Assert.Equal(60, kinds["progress"].GetProperty("eta_seconds").GetDouble());
        var picture = await server.GetAsync(kinds["preview"].GetProperty("url").GetString()!);
        Assert.Equal("image/png", picture.Headers["Content-Type"]);
        Assert.Equal("PNG"u8.ToArray(), picture.Bytes[1..4]);
        Assert.Equal(304, (await server.GetAsync($"/v1/videos/{id}/preview", null, ("If-None-Match", picture.Headers["ETag"]))).Status);
        engine.Open();
        await server.WaitAsync(id, "completed");
        (await server.GetAsync($"/v1/videos/{id}/preview")).AssertError(404, "preview_not_available", "video_id");
    }

    [Fact]
    public async Task Events_FinishedVideo_AreASnapshotAndDone()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "completed");

        var kinds = new List<string>();
        await foreach (var item in FollowAsync(server, id)) kinds.Add(item.EventType);

        Assert.Equal(["snapshot", "done"], kinds);
    }

    [Fact]
    public async Task Events_FifthStreamOfAKey_IsRefusedUntilOneEnds()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        var key = await server.AddKeyAsync();
        var id = await server.AcceptAsync(key: key);
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Task<HttpResponseMessage> Open() => server.Client.GetAsync($"/v1/videos/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        var open = new List<HttpResponseMessage>();
        for (var at = 0; at < 4; at++) open.Add(await Open());

        using var fifth = await Open();
        Assert.Equal(429, (int)fifth.StatusCode);
        open[0].Dispose();
        var status = 429;
        for (var at = 0; at < 500 && status == 429; at++)
        {
            await Task.Delay(20);
            using var again = await Open();
            status = (int)again.StatusCode;
        }
        Assert.Equal(200, status);
        foreach (var response in open) response.Dispose();
    }

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(ApiServer server, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await server.Client.GetAsync($"/v1/videos/{id}/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token)) yield return item;
    }
}
