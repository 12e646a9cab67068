using System.Text.Json;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Rows 32 and 33: events, and routes that are not there.</summary>
internal static class RouteRows
{
    public static IReadOnlyList<ConformanceRow> All { get; } =
    [
        new(32, "follow the events, drop the connection, come back with `Last-Event-ID`", "no gap, nothing twice; ends after the last event", EventsAsync),
        new(33, "PUT `/v1/videos`, GET `/v1/nope`", "405, 404 with the envelope", RoutesAsync),
    ];

    private static async Task EventsAsync(Stage stage)
    {
        stage.Engine.Close();
        var id = await stage.AcceptAsync();
        await stage.WaitAsync(id, "in_progress");
        ContractCall Events(string? last = null) => new("request") { Method = "GET", Path = $"/videos/{id}/events", Headers = last is null ? new Dictionary<string, string>() : new() { ["Last-Event-ID"] = last } };

        // The snapshot alone; then the connection is gone, and everything else happens.
        var before = Assert.Single((await stage.SendAsync(Events() with { Events = 1 })).Ok().Events);
        Assert.Equal(("snapshot", "in_progress"), (before.EventType, Status(before.Data)));
        stage.Engine.Open();
        await stage.WaitAsync(id, "completed");
        var after = (await stage.SendAsync(Events(before.EventId))).Ok().Events.Where(item => item.EventType != "ping").ToList();

        Assert.DoesNotContain(after, item => item.EventType == "snapshot");
        Assert.Equal("completed", Status(Assert.Single(after, item => item.EventType == "status").Data));
        Assert.Equal(("done", "completed"), (after[^1].EventType, Status(after[^1].Data)));
        Assert.Equal(after.Count, after.Select(item => item.EventId).Distinct().Count());
        // Whoever has seen the end is told not to come back.
        (await stage.SendAsync(Events(after[^1].EventId))).Ok(204);
        // An attempt that nobody knows any more: as it is now, and the end.
        Assert.Equal(["snapshot", "done"], (await stage.SendAsync(Events("0.1"))).Ok().Events.Select(item => item.EventType));
    }

    private static async Task RoutesAsync(Stage stage)
    {
        (await stage.RequestAsync("PUT", "/videos")).Refused(405, "method_not_allowed");
        (await stage.RequestAsync("GET", "/nope")).Refused(404, "not_found");
    }

    private static string? Status(string video) => JsonElement.Parse(video).GetProperty("status").GetString();
}
