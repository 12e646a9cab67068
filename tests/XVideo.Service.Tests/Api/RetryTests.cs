using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

/// <summary>Calls that are sent again because nobody knows what became of the first.</summary>
public class RetryTests
{
    [StoreTheory]
    [InlineData(null)]
    [InlineData("k1")]
    public async Task Create_ReplyWasLost_TheRepeatedCallFindsTheVideo(string? idempotencyKey)
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var body = JsonSerializer.Serialize(new { prompt = "a" });
        (string, string)[] header = idempotencyKey is null ? [] : [("Idempotency-Key", idempotencyKey)];
        // The call arrives and takes effect, but the connection is gone before there is a reply.
        using (var connection = new TcpClient(server.Address.Host, server.Address.Port))
        {
            var lines = string.Concat(header.Select(pair => $"{pair.Item1}: {pair.Item2}\r\n"));
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/videos HTTP/1.1\r\nHost: {server.Address.Authority}\r\n{lines}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
            for (var at = 0; at < 500 && await CountAsync(server) == 0; at++) await Task.Delay(20);
        }

        var reply = await server.CreateAsync(new { prompt = "a" }, null, [("X-Stainless-Retry-Count", "1"), .. header]);

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal("true", reply.Headers["Idempotent-Replayed"]);
        Assert.Equal(1, await CountAsync(server));
    }

    [StoreFact]
    public async Task Create_FormAndJsonThatSayTheSame_AreTheSameRequest()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var first = await server.CreateFormAsync(("prompt", "a"), ("fps", "16"), ("attention[method]", "window"));

        var again = await server.CreateAsync(new { prompt = "a", fps = 16.0, attention = new { method = "window" } }, null, ("X-Stainless-Retry-Count", "2"));

        Assert.Equal(Id(first), Id(again));
        // The seed was drawn once.
        Assert.Equal(first.Json.GetProperty("seed").GetInt64(), again.Json.GetProperty("seed").GetInt64());
        Assert.NotEqual(Id(first), Id(await server.CreateAsync(new { prompt = "a", fps = 16, seed = first.Json.GetProperty("seed").GetInt64() }, null, ("X-Stainless-Retry-Count", "1"))));
    }

    [StoreFact]
    public async Task Create_RepeatedIntoAFullQueue_IsNotRefused()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false, MaxQueued = 1 });
        var first = await server.CreateAsync(new { prompt = "a" }, null, ("Idempotency-Key", "k"));

        (await server.CreateAsync(new { prompt = "b" })).AssertError(429, "queue_full");
        Assert.Equal(Id(first), Id(await server.CreateAsync(new { prompt = "a" }, null, ("Idempotency-Key", "k"))));
    }

    [StoreFact]
    public async Task Create_KeyOfACanceledOrDeletedVideo_StillNamesIt()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        Task<ApiReply> Create() => server.CreateAsync(new { prompt = "a" }, null, ("Idempotency-Key", "k"));
        var id = Id(await Create());

        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel");
        var canceled = await Create();
        await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}");

        Assert.Equal((id, "failed"), (Id(canceled), canceled.Json.GetProperty("status").GetString()));
        (await Create()).AssertError(404, "video_not_found", "video_id");
    }

    [StoreFact]
    public async Task Create_RepeatedAfterACancel_MakesANewVideo()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var first = await server.CreateAsync(new { prompt = "a" });
        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{Id(first)}/cancel");

        Assert.NotEqual(Id(first), Id(await server.CreateAsync(new { prompt = "a" }, null, ("X-Stainless-Retry-Count", "1"))));
    }

    [StoreTheory]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Create_KeyThatIsNone_IsRefused(string key)
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });

        var reply = await server.CreateAsync(new { prompt = "a" }, null, ("Idempotency-Key", key));

        Assert.True(reply.Status is 400, reply.Text);
        Assert.Equal(0, await CountAsync(server));
        Assert.Equal(200, (await server.CreateAsync(new { prompt = "a" }, null, ("Idempotency-Key", new string('k', 255)))).Status);
        (await server.CreateAsync(new { prompt = "a" }, null, ("Idempotency-Key", new string('k', 256)))).AssertError(400, "invalid_value", "Idempotency-Key");
    }

    private static string? Id(ApiReply reply) => reply.Json.TryGetProperty("id", out var id) ? id.GetString() : throw new InvalidOperationException(reply.Text);

    private static async Task<int> CountAsync(ApiServer server) => (await server.GetAsync("/v1/videos?limit=100")).Json.GetProperty("data").GetArrayLength();
}
