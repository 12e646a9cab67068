using System.Net.ServerSentEvents;
using System.Text.Json;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class EventTests
{
    [StoreFact]
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
        Assert.All(events, item => Assert.Matches(@"^\d+\.\d+(\.done)?$", item.EventId));
    }

    [StoreFact]
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
            // The picture may be there before the row says which step it is of.
            if (kinds.TryGetValue("progress", out var progress) && progress.GetProperty("phase").GetString() == "denoise" && kinds.ContainsKey("preview")) break;
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

    [StoreFact]
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

    [StoreFact]
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

    // The job is driven by hand, so that it is known what happens while nobody listens.
    [StoreFact]
    public async Task Events_ReaderDropsAndComesBack_GetsEveryStatusOnce()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var id = await server.AcceptAsync();
        var token = (await server.Store.ClaimAsync("worker-1", TimeSpan.FromHours(1)))!.Token;
        var first = await TakeAsync(server, id, null, 1);
        Assert.Equal([("snapshot", "1.2", "in_progress")], first);

        await server.Store.CancelAsync(id, null);
        await server.Store.ReleaseAsync(token);
        var rest = await TakeAsync(server, id, "1.2", int.MaxValue);

        // A cancel that was asked for, and its end.
        Assert.Equal([("status", "1.3", "in_progress"), ("status", "1.4", "failed"), ("done", "1.4.done", "failed")], rest);
        Assert.Equal([("status", "1.4", "failed"), ("done", "1.4.done", "failed")], await TakeAsync(server, id, "1.3", int.MaxValue));
        Assert.Equal([("done", "1.4.done", "failed")], await TakeAsync(server, id, "1.4", int.MaxValue));
        Assert.Equal(204, (await server.GetAsync($"/v1/videos/{id}/events", null, ("Last-Event-ID", "1.4.done"))).Status);
    }

    [StoreFact]
    public async Task Events_ReaderOfAnEarlierAttemptOrOfNone_BeginsWithASnapshot()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var id = await server.AcceptAsync();
        await server.Store.ReleaseAsync((await server.Store.ClaimAsync("worker-1", TimeSpan.FromHours(1)))!.Token);
        Assert.Equal([("status", "1.3", "queued")], await TakeAsync(server, id, "1.2", 1));
        await server.Store.ClaimAsync("worker-1", TimeSpan.FromHours(1));

        foreach (var last in (string[])["1.2", "1.3", "0.1", "2.5", "2.0", "3.4", "", "x", "2", "2.4.x", "-2.4", "2.4.done.done", "99999999999999999999.1"])
            Assert.Equal([("snapshot", "2.4", "in_progress")], await TakeAsync(server, id, last, 1));
    }

    [StoreFact]
    public async Task Events_OfChangesThatAreTooOldToBeKept_TellTheStateOfNow()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var id = await server.AcceptAsync();
        var token = (await server.Store.ClaimAsync("worker-1", TimeSpan.FromHours(1)))!.Token;
        await server.Store.CancelAsync(id, null);
        await server.Store.FinishCanceledAsync(token);
        await server.Store.PurgeAsync(new() { Events = TimeSpan.Zero });

        Assert.Equal([("status", "1.4", "failed"), ("done", "1.4.done", "failed")], await TakeAsync(server, id, "1.2", int.MaxValue));
    }

    // What a reader gets of a stream: kind, id and status; progress and signs of life are left out.
    private static async Task<List<(string, string?, string?)>> TakeAsync(ApiServer server, string id, string? last, int count)
    {
        var got = new List<(string, string?, string?)>();
        await foreach (var item in FollowAsync(server, id, last))
        {
            if (item.EventType is "progress" or "ping") continue;
            got.Add((item.EventType, item.EventId, JsonElement.Parse(item.Data).GetProperty("status").GetString()));
            if (got.Count == count) break;
        }
        return got;
    }

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(ApiServer server, string id, string? last = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/events");
        if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token)) yield return item;
    }
}
