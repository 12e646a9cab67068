using XVideo.Pipeline;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Rows 26 to 28: limits, and failures of the engine.</summary>
internal static class LimitRows
{
    public static IReadOnlyList<ConformanceRow> All { get; } =
    [
        new(26, "create when the queue is full, with the client's own retries", "429 `queue_full` with a whole `Retry-After`; tries spaced by it", QueueFullAsync) { Change = options => options with { MaxQueued = 1 } },
        new(27, "more creates a minute than the key may", "429 `rate_limit_exceeded`, `x-ratelimit-*`", RateAsync) { ChangeKey = key => key with { CreatesPerMinute = 2 } },
        new(28, "the engine fails, has no memory, gives values that are no picture", "200 failed: `internal_error`, `out_of_memory`, `invalid_output`; no path, no stack", FailureAsync),
    ];

    private static async Task QueueFullAsync(Stage stage)
    {
        stage.Engine.Close();
        await stage.WaitAsync(await stage.AcceptAsync(), "in_progress");
        await stage.AcceptAsync();
        var before = stage.Log.Requests.Count;
        var refused = (await stage.SendAsync(new("videos.create") { Fields = new() { ["prompt"] = "a" }, Retries = true })).Refused(429, "queue_full");
        Assert.InRange(int.Parse(refused.Headers["Retry-After"]), 1, 144);
        var tries = stage.Log.Requests.Skip(before).Select(request => request.At).ToArray();
        Assert.Equal(stage.Client.Name switch { "npm" => 3, ".NET" => 4, _ => 1 }, tries.Length);
        // 5 s is the least that the server asks for.
        Assert.All(tries.Zip(tries.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(4.9), $"tries {pair.Second - pair.First} apart"));
        stage.Note($"{tries.Length} {(tries.Length == 1 ? "try" : "tries")}");
    }

    private static async Task RateAsync(Stage stage)
    {
        stage.Engine.Close();
        await stage.AcceptAsync();
        await stage.AcceptAsync();
        var refused = (await stage.CreateAsync(new() { ["prompt"] = "a" })).Refused(429, "rate_limit_exceeded");
        Assert.Equal(("2", "0"), (refused.Headers["x-ratelimit-limit-requests"], refused.Headers["x-ratelimit-remaining-requests"]));
        Assert.Equal("rate_limit_error", refused.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.InRange(int.Parse(refused.Headers["Retry-After"]), 1, 60);
    }

    private static async Task FailureAsync(Stage stage)
    {
        foreach (var (failure, code) in ((Exception, string)[])[(new InvalidTimeZoneException("in /secret/path"), "internal_error"), (new OutOfMemoryException("in /secret/path"), "out_of_memory"), (new InvalidOutputException("in /secret/path"), "invalid_output")])
        {
            stage.Engine.Failure = failure;
            var error = (await stage.WaitAsync(await stage.AcceptAsync(), "failed")).GetProperty("error");
            Assert.Equal(code, error.GetProperty("code").GetString());
            Assert.DoesNotMatch("/secret| at ", error.GetProperty("message").GetString());
        }
    }
}
