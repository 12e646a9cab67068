using System.Text.Json;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class VideoTests
{
    [StoreFact]
    public async Task Video_WhileItIsMade_IsInProgressAndNotReady()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "in_progress");

        var content = await server.GetAsync($"/v1/videos/{id}/content");

        content.AssertError(404, "video_not_ready", "video_id");
        Assert.True(int.Parse((await server.GetAsync($"/v1/videos/{id}")).Headers["openai-poll-after-ms"]) >= 1000);
    }

    [StoreFact]
    public async Task Video_PolledToTheEnd_NeverGoesBackAndIs100OnlyWhenCompleted()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        var last = 0;
        JsonElement video;
        do
        {
            video = (await server.GetAsync($"/v1/videos/{id}")).Json;
            var progress = video.GetProperty("progress").GetInt32();
            Assert.InRange(progress, last, 100);
            Assert.Equal(progress == 100, video.GetProperty("status").GetString() == "completed");
            last = progress;
        }
        while (video.GetProperty("status").GetString() is "queued" or "in_progress");

        Assert.Equal("completed", video.GetProperty("status").GetString());
        Assert.True(video.GetProperty("completed_at").GetInt64() >= video.GetProperty("created_at").GetInt64());
        Assert.True(video.GetProperty("expires_at").GetInt64() > video.GetProperty("completed_at").GetInt64());
        Assert.True(video.GetProperty("inference_time_s").GetDouble() >= 0);
    }

    [StoreFact]
    public async Task Video_AttemptThatFailed_IsCountedWithItsReason()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var id = await server.AcceptAsync();
        var first = (await server.GetAsync($"/v1/videos/{id}")).Json;
        await server.Store.FailAsync((await server.Store.ClaimAsync()).Token, Examples.Transient);
        var second = (await server.GetAsync($"/v1/videos/{id}")).Json;

        Assert.Equal((0, null, null), Told(first));
        Assert.Equal((1, "device_lost", null), Told(second));
        Assert.Equal(("queued", JsonValueKind.Null), (second.GetProperty("status").GetString(), second.GetProperty("error").ValueKind));
        // The first one waits for its next attempt.
        await server.AcceptAsync("b");
        await server.Store.FailAsync((await server.Store.ClaimAsync()).Token, Examples.Permanent, new(12_345_678));
        Assert.Equal((1, "invalid_output", 12.3), Told((await server.GetAsync("/v1/videos")).Json.GetProperty("data")[0]));

        static (int, string?, double?) Told(JsonElement video) => (video.GetProperty("attempts").GetInt32(), video.GetProperty("last_attempt_error").GetString(),
            video.GetProperty("peak_memory_mb") is { ValueKind: JsonValueKind.Number } peak ? peak.GetDouble() : null);
    }

    [StoreFact]
    public async Task Content_Variants_AreAnMp4AndTwoWebPs()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "completed");

        var video = await server.GetAsync($"/v1/videos/{id}/content");
        var thumbnail = await server.GetAsync($"/v1/videos/{id}/content?variant=thumbnail");
        var sheet = await server.GetAsync($"/v1/videos/{id}/content?variant=spritesheet");

        Assert.Equal("video/mp4", video.Headers["Content-Type"]);
        Assert.Equal("ftyp"u8.ToArray(), video.Bytes[4..8]);
        Assert.Contains($"{id}.mp4", video.Headers["Content-Disposition"]);
        foreach (var picture in (ApiReply[])[thumbnail, sheet])
        {
            Assert.Equal((200, "image/webp"), (picture.Status, picture.Headers["Content-Type"]));
            Assert.Equal("WEBP"u8.ToArray(), picture.Bytes[8..12]);
        }
        (await server.GetAsync($"/v1/videos/{id}/content?variant=zip")).AssertError(400, "invalid_value", "variant");
    }

    [StoreFact]
    public async Task Content_RangesAndConditions_AreServed()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "completed");
        var path = $"/v1/videos/{id}/content";
        var whole = await server.GetAsync(path);

        var first = await server.GetAsync(path, null, ("Range", "bytes=0-99"));
        Assert.Equal((206, $"bytes 0-99/{whole.Bytes.Length}"), (first.Status, first.Headers["Content-Range"]));
        Assert.Equal(whole.Bytes[..100], first.Bytes);
        Assert.Equal(whole.Bytes[^10..], (await server.GetAsync(path, null, ("Range", "bytes=-10"))).Bytes);
        var beyond = await server.GetAsync(path, null, ("Range", "bytes=999999999-"));
        Assert.Equal((416, $"bytes */{whole.Bytes.Length}"), (beyond.Status, beyond.Headers["Content-Range"]));
        beyond.AssertError(416, "invalid_range", "Range");
        var head = await server.SendAsync(HttpMethod.Head, path);
        Assert.Equal((200, 0, whole.Bytes.Length.ToString()), (head.Status, head.Bytes.Length, head.Headers["Content-Length"]));
        Assert.Equal(304, (await server.GetAsync(path, null, ("If-None-Match", whole.Headers["ETag"]))).Status);
        Assert.DoesNotContain("Content-Disposition", (await server.GetAsync($"{path}?download=0")).Headers.Keys);
    }

    [StoreFact]
    public async Task List_PagesOfTwo_HaveEveryVideoOnceNewestFirst()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var ids = new List<string>();
        for (var at = 0; at < 5; at++) ids.Add(await server.AcceptAsync($"video {at}"));

        var seen = new List<string>();
        var after = "";
        JsonElement page;
        do
        {
            page = (await server.GetAsync($"/v1/videos?limit=2{after}")).Json;
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!));
            Assert.Equal(seen[^1], page.GetProperty("last_id").GetString());
            after = $"&after={seen[^1]}";
        }
        while (page.GetProperty("has_more").GetBoolean());

        Assert.Equal(Enumerable.Reverse(ids), seen);
        var ascending = (await server.GetAsync("/v1/videos?order=asc")).Json;
        Assert.Equal(ids, ascending.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()));
        Assert.Equal("list", ascending.GetProperty("object").GetString());
        var empty = (await server.GetAsync("/v1/videos?limit=0")).Json;
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, false), (empty.GetProperty("first_id").ValueKind, empty.GetProperty("last_id").ValueKind, empty.GetProperty("has_more").GetBoolean()));
    }

    [StoreTheory]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("order=up", "order")]
    [InlineData("order=asc&order=asc", "order")]
    [InlineData("after=video_00000000000000000000000000000000", "after")]
    [InlineData("after=nope", "after")]
    public async Task List_BadQuery_Answers400(string query, string param)
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        (await server.GetAsync($"/v1/videos?{query}")).AssertError(400, "invalid_value", param);
    }

    [StoreFact]
    public async Task List_AfterADeletedVideo_GoesOnBehindIt()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var first = await server.AcceptAsync();
        var second = await server.AcceptAsync();
        await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{second}");

        var page = (await server.GetAsync($"/v1/videos?after={second}")).Json;

        Assert.Equal([first], page.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!));
    }

    [StoreFact]
    public async Task Delete_FinishedVideo_RemovesItWithItsFiles()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "completed");
        Assert.Equal(3, Files(server).Length);

        var reply = await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}");

        Assert.Equal((200, id, "video.deleted", true),
            (reply.Status, reply.Json.GetProperty("id").GetString(), reply.Json.GetProperty("object").GetString(), reply.Json.GetProperty("deleted").GetBoolean()));
        foreach (var gone in (ApiReply[])[await server.GetAsync($"/v1/videos/{id}"), await server.GetAsync($"/v1/videos/{id}/content"), await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}")])
            gone.AssertError(404, "video_not_found", "video_id");
        Assert.Empty(Files(server));
    }

    [StoreFact]
    public async Task Delete_RunningVideo_StopsTheEngineAndLeavesNoFile()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "in_progress");

        Assert.Equal(200, (await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}")).Status);

        (await server.GetAsync($"/v1/videos/{id}")).AssertError(404, "video_not_found", "video_id");
        await Until(() => engine.Stopped.Count == 1);
        await Until(() => Files(server).Length == 0);
    }

    [StoreTheory]
    [InlineData("nope")]
    [InlineData("video_%2e%2e")]
    [InlineData("video_..%2f..%2fetc")]
    [InlineData("video_00000000000000000000000000000000")]
    [InlineData("VIDEO_00000000000000000000000000000000")]
    public async Task Video_UnknownId_Answers404(string id)
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        foreach (var path in (string[])["", "/content", "/events", "/preview"]) (await server.GetAsync($"/v1/videos/{id}{path}")).AssertError(404, "video_not_found", "video_id");
        (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel")).AssertError(404, "video_not_found", "video_id");
        (await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}")).AssertError(404, "video_not_found", "video_id");
    }

    [StoreFact]
    public async Task Cancel_QueuedVideo_NeverStarts()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var running = await server.AcceptAsync();
        await server.WaitAsync(running, "in_progress");
        var waiting = await server.AcceptAsync("never");

        var reply = await server.SendAsync(HttpMethod.Post, $"/v1/videos/{waiting}/cancel");

        Assert.Equal(("failed", "canceled"), (reply.Json.GetProperty("status").GetString(), reply.Json.GetProperty("error").GetProperty("code").GetString()));
        engine.Open();
        await server.WaitAsync(running, "completed");
        Assert.DoesNotContain(engine.Begun, job => job.Request.Prompt == "never");
        (await server.GetAsync($"/v1/videos/{waiting}/content")).AssertError(404, "video_failed", "video_id");
    }

    [StoreFact]
    public async Task Cancel_RunningVideo_StopsTheEngine()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "in_progress");

        Assert.Equal("in_progress", (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel")).Json.GetProperty("status").GetString());

        var video = await server.WaitAsync(id, "failed");
        Assert.Equal("canceled", video.GetProperty("error").GetProperty("code").GetString());
        Assert.Single(engine.Stopped);
        await ApiServer.UntilAsync(() => Directory.GetFiles(Path.Combine(server.Folder, "files", "checkpoints")).Length == 0);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel")).Status);
    }

    [StoreFact]
    public async Task Cancel_CompletedVideo_Answers409ForGood()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "completed");

        var reply = await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel");

        reply.AssertError(409, "video_not_cancellable", "video_id");
        Assert.Equal("false", reply.Headers["x-should-retry"]);
    }

    [StoreFact]
    public async Task Remix_CompletedVideo_KeepsSettingsAndSeed()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var original = await server.CreateAsync(new { prompt = "a", seed = 7, num_frames = 9, attention = new { method = "xattention", density = 0.5 } });
        var id = original.Json.GetProperty("id").GetString()!;
        await server.WaitAsync(id, "completed");

        var reply = await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/remix", new StringContent("""{"prompt":"b"}""", null, "application/json"));

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal((id, "b", 7L, 9, 0.5), (reply.Json.GetProperty("remixed_from_video_id").GetString(), reply.Json.GetProperty("prompt").GetString(),
            reply.Json.GetProperty("seed").GetInt64(), reply.Json.GetProperty("num_frames").GetInt32(), reply.Json.GetProperty("attention").GetProperty("density").GetDouble()));
        Assert.NotEqual(id, reply.Json.GetProperty("id").GetString());
    }

    [StoreFact]
    public async Task Remix_UnfinishedOrUnknownVideo_IsRefused()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        static StringContent Body() => new("""{"prompt":"b"}""", null, "application/json");

        (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/remix", Body())).AssertError(400, "video_not_completed", "video_id");
        (await server.SendAsync(HttpMethod.Post, "/v1/videos/video_00000000000000000000000000000000/remix", Body())).AssertError(404, "video_not_found", "video_id");
        (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/remix", new StringContent("""{"prompt":"b","seed":1}""", null, "application/json"))).AssertError(400, "unknown_parameter", "seed");
    }

    private static string[] Files(ApiServer server) => Directory.GetFiles(Path.Combine(server.Folder, "files"), "*", SearchOption.AllDirectories);

    private static async Task Until(Func<bool> condition)
    {
        for (var at = 0; !condition() && at < 1000; at++) await Task.Delay(20);
        Assert.True(condition());
    }
}
