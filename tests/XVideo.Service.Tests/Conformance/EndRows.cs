using System.Text.Json.Nodes;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Rows 21 to 25: cancelling, deleting what runs, remixing, sending twice.</summary>
internal static class EndRows
{
    public static IReadOnlyList<ConformanceRow> All { get; } =
    [
        new(21, "cancel a queued video", "200 failed with `canceled`; it never starts", CancelQueuedAsync),
        new(22, "cancel a running video, again, and a completed one", "ends within a step; 200 again; 409 with `x-should-retry: false`, one try", CancelRunningAsync),
        new(23, "delete a running video", "200 at once, 404 after, the engine stops, no file left", DeleteRunningAsync),
        new(24, "remix a completed, a running, an unknown video", "200 with `remixed_from_video_id`; 400 `video_not_completed`; 404", RemixAsync),
        new(25, "one `Idempotency-Key` twice, with another prompt, by another key", "the same id and `Idempotent-Replayed`; 422; a new id", IdempotencyAsync),
    ];

    private static async Task CancelQueuedAsync(Stage stage)
    {
        stage.Engine.Close();
        var running = await stage.AcceptAsync();
        await stage.WaitAsync(running, "in_progress");
        var waiting = await stage.AcceptAsync("never");
        var video = (await stage.RequestAsync("POST", $"/videos/{waiting}/cancel")).Ok().Json;
        Assert.Equal(("failed", "canceled"), (video.GetProperty("status").GetString(), video.GetProperty("error").GetProperty("code").GetString()));
        stage.Engine.Open();
        await stage.WaitAsync(running, "completed");
        Assert.DoesNotContain(stage.Engine.Begun, job => job.Request.Prompt == "never");
    }

    private static async Task CancelRunningAsync(Stage stage)
    {
        stage.Engine.Close();
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "in_progress");
        Assert.Equal("in_progress", (await stage.RequestAsync("POST", $"/videos/{id}/cancel")).Ok().String("status"));
        Assert.Equal("canceled", (await stage.WaitAsync(id, "failed")).GetProperty("error").GetProperty("code").GetString());
        Assert.Single(stage.Engine.Stopped);
        Assert.Equal(id, (await stage.RequestAsync("POST", $"/videos/{id}/cancel")).Ok().Id);
        stage.Engine.Open();
        var completed = await stage.AcceptAsync();
        await stage.WaitAsync(completed, "completed");
        var refused = await stage.SendAsync(new("request") { Method = "POST", Path = $"/videos/{completed}/cancel", Retries = true });
        Assert.Equal("false", refused.Refused(409, "video_not_cancellable", "video_id").Headers["x-should-retry"]);
        Assert.Single(stage.Log.Requests, request => request.Path == $"/v1/videos/{completed}/cancel");
    }

    private static async Task DeleteRunningAsync(Stage stage)
    {
        stage.Engine.Close();
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "in_progress");
        Assert.True((await stage.SendAsync(new("videos.delete") { Id = id })).Ok().Json.GetProperty("deleted").GetBoolean());
        (await stage.GetAsync(id)).Refused(404, "video_not_found", "video_id");
        await ApiServer.UntilAsync(() => stage.Engine.Stopped.Count == 1);
        await ApiServer.UntilAsync(() => Directory.GetFiles(Path.Combine(stage.Server.Folder, "files"), "*", SearchOption.AllDirectories).Length == 0);
    }

    private static async Task RemixAsync(Stage stage)
    {
        ContractCall Remix(string id) => new("videos.remix") { Id = id, Fields = new() { ["prompt"] = "a blue ball" } };
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "completed");
        stage.Engine.Close();
        var remix = (await stage.SendAsync(Remix(id))).Ok();
        Assert.Equal((id, "a blue ball"), (remix.String("remixed_from_video_id"), remix.String("prompt")));
        (await stage.SendAsync(Remix(remix.Id))).Refused(400, "video_not_completed", "video_id");
        (await stage.SendAsync(Remix("video_00000000000000000000000000000000"))).Refused(404, "video_not_found", "video_id");
    }

    private static async Task IdempotencyAsync(Stage stage)
    {
        stage.Engine.Close();
        ContractCall Create(string prompt, string key = ContractCall.DefaultKey) =>
            new("videos.create") { Fields = new JsonObject { ["prompt"] = prompt }, Headers = new Dictionary<string, string> { ["Idempotency-Key"] = "one" }, Key = key };
        var first = (await stage.SendAsync(Create("a"))).Ok();
        var second = (await stage.SendAsync(Create("a"))).Ok();
        Assert.Equal((first.Id, "true"), (second.Id, second.Headers["Idempotent-Replayed"]));
        (await stage.SendAsync(Create("b"))).Refused(422, "idempotency_key_reused", "Idempotency-Key");
        Assert.NotEqual(first.Id, (await stage.SendAsync(Create("a", stage.Keys[1]))).Ok().Id);
    }
}
