using System.Text.Json;
using System.Text.Json.Nodes;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Rows 12 to 20: following, downloading, listing, whose videos they are.</summary>
internal static class ReadRows
{
    public static IReadOnlyList<ConformanceRow> All { get; } =
    [
        new(12, "retrieve while it is made", "200 in_progress, `openai-poll-after-ms`", RunningAsync),
        new(13, "content while it is made", "404 `video_not_ready`", EarlyContentAsync),
        new(14, "poll to the end", "progress never falls, 100 only when completed, times set", PollAsync),
        new(15, "content: default, thumbnail, spritesheet, zip", "an mp4, two WebPs, 400 param `variant`", VariantsAsync),
        new(16, "content with ranges, HEAD, `If-None-Match`", "206, 206, 416, headers only, 304", RangesAsync),
        new(17, "pages of 2 over 5 videos; `order=asc`; bad `limit` and `after`", "every id once, newest first; reversed; 400, 400", ListAsync),
        new(18, "delete a finished video; retrieve, content, delete again", "200, then 404 three times; its files are gone", DeleteAsync),
        new(19, "another key retrieves, lists, deletes it", "404, empty, 404", ForeignAsync),
        new(20, "ids that are none", "404 with the envelope", BadIdAsync),
    ];

    private static async Task RunningAsync(Stage stage)
    {
        stage.Engine.Close();
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "in_progress");
        Assert.True(int.Parse((await stage.GetAsync(id)).Headers["openai-poll-after-ms"]) >= 1000);
    }

    private static async Task EarlyContentAsync(Stage stage)
    {
        stage.Engine.Close();
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "in_progress");
        (await stage.ContentAsync(id)).Refused(404, "video_not_ready", "video_id");
    }

    private static async Task PollAsync(Stage stage)
    {
        var last = 0;
        var video = await stage.WaitAsync(await stage.AcceptAsync(), "completed", now =>
        {
            var progress = now.GetProperty("progress").GetInt32();
            Assert.InRange(progress, last, 100);
            Assert.Equal(progress == 100, now.GetProperty("status").GetString() == "completed");
            last = progress;
        });
        Assert.True(video.GetProperty("completed_at").GetInt64() >= video.GetProperty("created_at").GetInt64());
        Assert.True(video.GetProperty("expires_at").GetInt64() > video.GetProperty("completed_at").GetInt64());
    }

    private static async Task VariantsAsync(Stage stage)
    {
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "completed");
        var video = (await stage.ContentAsync(id)).Ok();
        Assert.Equal(("video/mp4", "ftyp"), (video.Headers["Content-Type"], video.Text[4..8]));
        foreach (var variant in (string[])["thumbnail", "spritesheet"])
        {
            var picture = (await stage.ContentAsync(id, variant)).Ok();
            Assert.Equal(("image/webp", "WEBP"), (picture.Headers["Content-Type"], System.Text.Encoding.Latin1.GetString(picture.Bytes, 8, 4)));
        }
        (await stage.ContentAsync(id, "zip")).Refused(400, "invalid_value", "variant");
    }

    private static async Task RangesAsync(Stage stage)
    {
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "completed");
        var whole = (await stage.ContentAsync(id)).Ok();
        var first = (await stage.ContentAsync(id, null, ("Range", "bytes=0-99"))).Ok(206);
        Assert.Equal($"bytes 0-99/{whole.Bytes.Length}", first.Headers["Content-Range"]);
        Assert.Equal(whole.Bytes[..100], first.Bytes);
        Assert.Equal(whole.Bytes[^10..], (await stage.ContentAsync(id, null, ("Range", "bytes=-10"))).Ok(206).Bytes);
        (await stage.ContentAsync(id, null, ("Range", "bytes=999999999-"))).Refused(416, "invalid_range", "Range");
        Assert.Equal(304, (await stage.ContentAsync(id, null, ("If-None-Match", whole.Headers["ETag"]))).Status);
        var head = (await stage.RequestAsync("HEAD", $"/videos/{id}/content")).Ok();
        Assert.Equal((0, $"{whole.Bytes.Length}"), (head.Bytes.Length, head.Headers["Content-Length"]));
    }

    private static async Task ListAsync(Stage stage)
    {
        stage.Engine.Close();
        var ids = new List<string>();
        for (var at = 0; at < 5; at++) ids.Add(await stage.AcceptAsync($"video {at}"));
        var seen = (await stage.SendAsync(new("videos.iterate") { Query = new() { ["limit"] = 2 } })).Json.Deserialize<string[]>()!;
        Assert.Equal(Enumerable.Reverse(ids), seen);
        var ascending = (await stage.SendAsync(new("videos.list") { Query = new() { ["order"] = "asc" } })).Ok().Json;
        Assert.Equal(ids, ascending.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!));
        (await stage.SendAsync(new("videos.list") { Query = new() { ["limit"] = 101 } })).Refused(400, "invalid_value", "limit");
        (await stage.SendAsync(new("videos.list") { Query = new() { ["after"] = "video_00000000000000000000000000000000" } })).Refused(400, "invalid_value", "after");
        if (stage.Client.Name == "npm") stage.Note("its own iterator");
        if (stage.Client.Name == ".NET") stage.Note("its iterator ends after one page: paged by hand with `after`");
    }

    private static async Task DeleteAsync(Stage stage)
    {
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "completed");
        var reply = (await stage.SendAsync(new("videos.delete") { Id = id })).Ok().Json;
        Assert.Equal((id, "video.deleted", true), (reply.GetProperty("id").GetString(), reply.GetProperty("object").GetString(), reply.GetProperty("deleted").GetBoolean()));
        (await stage.GetAsync(id)).Refused(404, "video_not_found", "video_id");
        (await stage.ContentAsync(id)).Refused(404, "video_not_found", "video_id");
        (await stage.SendAsync(new("videos.delete") { Id = id })).Refused(404, "video_not_found", "video_id");
        Assert.Empty(Directory.GetFiles(Path.Combine(stage.Server.Folder, "files"), "*", SearchOption.AllDirectories));
    }

    private static async Task ForeignAsync(Stage stage)
    {
        stage.Engine.Close();
        var id = await stage.AcceptAsync();
        (await stage.SendAsync(new("videos.retrieve") { Id = id, Key = stage.Keys[1] })).Refused(404, "video_not_found", "video_id");
        Assert.Empty((await stage.SendAsync(new("videos.list") { Key = stage.Keys[1] })).Ok().Json.GetProperty("data").EnumerateArray());
        (await stage.SendAsync(new("videos.delete") { Id = id, Key = stage.Keys[1] })).Refused(404, "video_not_found", "video_id");
        (await stage.GetAsync(id)).Ok();
    }

    private static async Task BadIdAsync(Stage stage)
    {
        foreach (var id in (string[])["nope", "video_../../etc", "video_%2e%2e", $"video_{new string('a', 300)}"]) (await stage.GetAsync(id)).Refused(404, "video_not_found", "video_id");
    }
}
