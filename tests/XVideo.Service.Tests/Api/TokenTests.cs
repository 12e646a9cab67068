using System.Text.RegularExpressions;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class TokenTests
{
    [StoreFact]
    public async Task Token_OfAVideo_OpensItsEventsPreviewAndContentAlone()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine);
        var key = await server.AddKeyAsync();
        var id = await server.AcceptAsync(key: key);
        await server.WaitAsync(id, "completed", key);
        engine.Close();
        var other = await server.AcceptAsync("b", key);

        var reply = await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/token", null, key);

        Assert.Equal(("video.token", id), (reply.Json.GetProperty("object").GetString(), reply.Json.GetProperty("video_id").GetString()));
        Assert.InRange(reply.Json.GetProperty("expires_at").GetInt64() - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 590, 600);
        var token = reply.Json.GetProperty("token").GetString()!;
        Assert.Matches(new Regex("^[A-Za-z0-9._-]+$"), token);
        Assert.Equal(200, (await server.GetAsync($"/v1/videos/{id}/content?token={token}")).Status);
        Assert.Equal(206, (await server.GetAsync($"/v1/videos/{id}/content?variant=video&token={token}", null, ("Range", "bytes=0-1"))).Status);
        Assert.Equal("image/webp", (await server.GetAsync($"/v1/videos/{id}/content?token={token}&variant=thumbnail")).Headers["Content-Type"]);
        Assert.Contains("event: done", (await server.GetAsync($"/v1/videos/{id}/events?token={token}")).Text);
        (await server.GetAsync($"/v1/videos/{id}/preview?token={token}")).AssertError(404, "preview_not_available", "video_id");
        (await server.GetAsync($"/v1/videos/{other}/content?token={token}")).AssertError(401, "invalid_token");
        (await server.GetAsync($"/v1/videos/{id}/content?token={token[..^2]}")).AssertError(401, "invalid_token");
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/cancel"), (HttpMethod.Post, "/token")])
            (await server.SendAsync(method, $"/v1/videos/{id}{path}?token={token}")).AssertError(401, "invalid_api_key");
        (await server.GetAsync($"/v1/videos?token={token}")).AssertError(401, "invalid_api_key");
    }

    [StoreFact]
    public async Task Token_AskedForByAnotherKey_IsRefused()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine);
        var (first, second) = (await server.AddKeyAsync(), await server.AddKeyAsync());
        var id = await server.AcceptAsync(key: first);

        (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/token", null, second)).AssertError(404, "video_not_found", "video_id");
        (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/token")).AssertError(401, "invalid_api_key");
    }

    [StoreFact]
    public async Task Token_AnotherProcess_KnowsItUntilTheKeyIsRevoked()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine);
        var key = await server.AddKeyAsync();
        var id = await server.AcceptAsync(key: key);
        await server.WaitAsync(id, "completed", key);
        var token = (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/token", null, key)).Json.GetProperty("token").GetString();
        await using var second = await FrontAsync(server);
        Assert.Equal(200, (await second.GetAsync($"/v1/videos/{id}/content?token={token}")).Status);
        await server.Store.RevokeKeyAsync(key[3..15]);
        await using var third = await FrontAsync(server);
        (await third.GetAsync($"/v1/videos/{id}/content?token={token}")).AssertError(401, "invalid_token");
    }

    [StoreFact]
    public async Task Token_NoKeysNeeded_IsGivenOutAllTheSame()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "completed");

        var token = (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/token")).Json.GetProperty("token").GetString();

        Assert.Equal(200, (await server.GetAsync($"/v1/videos/{id}/content?token={token}")).Status);
    }

    private static Task<ApiServer> StartAsync(FakeEngine engine) => ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });

    private static Task<ApiServer> FrontAsync(ApiServer server) => ApiServer.StartAsync(new FakeEngine(), options => options with { RequiresKeys = true, RunsWorker = false }, server.Folder);
}
