using System.Diagnostics;
using System.Net;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class KeyTests
{
    [StoreFact]
    public async Task Key_AbsentWrongOrRevoked_AnswersTheSame401()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine);
        var good = await server.AddKeyAsync();
        var revoked = await server.AddKeyAsync();
        await server.Store.RevokeKeyAsync(revoked[3..15]);

        var replies = new List<ApiReply>
        {
            await server.GetAsync("/v1/models"), await server.GetAsync("/v1/models", "bad"), await server.GetAsync("/v1/models", revoked), await server.GetAsync("/v1/models", good[..^1] + (good[^1] == 'A' ? 'Q' : 'A')),
        };

        foreach (var reply in replies)
        {
            reply.AssertError(401, "invalid_api_key");
            Assert.Equal("Bearer", reply.Headers["WWW-Authenticate"]);
            Assert.Equal(replies[0].Text, reply.Text);
        }
        Assert.Equal(200, (await server.GetAsync("/v1/models", good)).Status);
        Assert.Equal(200, (await server.GetAsync("/healthz")).Status);
    }

    [StoreFact]
    public async Task Key_OfAnotherOwner_SeesNothing()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine);
        var (first, second) = (await server.AddKeyAsync(), await server.AddKeyAsync());
        var id = await server.AcceptAsync(key: first);

        (await server.GetAsync($"/v1/videos/{id}", second)).AssertError(404, "video_not_found", "video_id");
        (await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}", null, second)).AssertError(404, "video_not_found", "video_id");
        (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel", null, second)).AssertError(404, "video_not_found", "video_id");
        (await server.GetAsync($"/v1/videos?after={id}", second)).AssertError(400, "invalid_value", "after");
        Assert.Empty((await server.GetAsync("/v1/videos", second)).Json.GetProperty("data").EnumerateArray());
        Assert.Equal(200, (await server.GetAsync($"/v1/videos/{id}", first)).Status);
    }

    [StoreFact]
    public async Task Key_WithoutTheScope_Answers403()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine);
        var reader = await server.AddKeyAsync(key => key with { Scopes = ["videos:read"] });

        (await server.CreateAsync(new { prompt = "a" }, reader)).AssertError(403, "insufficient_permissions");
        Assert.Equal(200, (await server.GetAsync("/v1/videos", reader)).Status);
    }

    [StoreFact]
    public async Task Rate_CreatesBeyondTheBurst_Answer429WithHeaders()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine);
        var key = await server.AddKeyAsync(key => key with { CreatesPerMinute = 2 });

        var first = await server.CreateAsync(new { prompt = "a" }, key);
        await server.CreateAsync(new { prompt = "a" }, key);
        var third = await server.CreateAsync(new { prompt = "a" }, key);

        Assert.Equal((200, "2", "1"), (first.Status, first.Headers["x-ratelimit-limit-requests"], first.Headers["x-ratelimit-remaining-requests"]));
        third.AssertError(429, "rate_limit_exceeded");
        Assert.Equal("rate_limit_error", third.Error.GetProperty("type").GetString());
        Assert.Equal("0", third.Headers["x-ratelimit-remaining-requests"]);
        Assert.InRange(int.Parse(third.Headers["Retry-After"]), 1, 30);
        Assert.Equal(200, (await server.GetAsync("/v1/videos", key)).Status);
    }

    [StoreFact]
    public async Task Rate_ManyWrongKeys_Answer429EvenToARightOneThatIsNotAtWork()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine);
        var (key, atWork) = (await server.AddKeyAsync(), await server.AddKeyAsync());
        Assert.Equal(200, (await server.GetAsync("/v1/models", atWork)).Status);

        // One more is allowed every 3 s, and that may be just before the right key comes: then once more.
        var clock = Stopwatch.StartNew();
        var (refused, tries) = (0, 0);
        ApiReply reply;
        do
        {
            for (var at = 0; at < 25; at++) refused += (await server.GetAsync("/v1/models", "bad")).Status == 401 ? 1 : 0;
            reply = await server.GetAsync("/v1/models", key);
        }
        while (reply.Status == 200 && tries++ < 10);

        Assert.InRange(refused, 20, 21 + (clock.Elapsed.TotalSeconds / 3));
        reply.AssertError(429, "rate_limit_exceeded");
        Assert.Equal(200, (await server.GetAsync("/v1/models", atWork)).Status);
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rate_WrongKeysThroughAProxy_CountForTheirSenderIfTheProxyIsListed(bool isListed)
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine, options => options with { Proxies = isListed ? [IPAddress.Loopback] : [IPAddress.Parse("192.0.2.1")] });
        var key = await server.AddKeyAsync();
        for (var at = 0; at < 25; at++) await server.GetAsync("/v1/models", "bad", ("X-Forwarded-For", "198.51.100.1"));

        var other = await server.GetAsync("/v1/models", "bad", ("X-Forwarded-For", "198.51.100.2"));

        Assert.Equal(isListed ? 401 : 429, other.Status);
        if (isListed) Assert.Equal(200, (await server.GetAsync("/v1/models", key, ("X-Forwarded-For", "198.51.100.2"))).Status);
    }

    [StoreFact]
    public async Task Queue_Full_Answers429WithRetryAfter()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine, options => options with { MaxQueued = 2 });
        var (first, second) = (await server.AddKeyAsync(key => key with { MaxQueued = 1 }), await server.AddKeyAsync());
        await server.WaitAsync(await server.AcceptAsync(key: first), "in_progress", first);
        await server.AcceptAsync(key: first);

        var own = await server.CreateAsync(new { prompt = "a" }, first);
        await server.AcceptAsync(key: second);
        var all = await server.CreateAsync(new { prompt = "a" }, second);

        foreach (var reply in (ApiReply[])[own, all])
        {
            reply.AssertError(429, "queue_full");
            Assert.InRange(int.Parse(reply.Headers["Retry-After"]), 5, 144);
        }
    }

    [StoreFact]
    public async Task Idempotency_SameKeyTwice_AnswersTheFirstVideo()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine);
        var (first, second) = (await server.AddKeyAsync(), await server.AddKeyAsync());
        Task<ApiReply> Create(string prompt, string key) => server.CreateAsync(new { prompt }, key, ("Idempotency-Key", "k1"));

        var one = await Create("a", first);
        var again = await Create("a", first);

        Assert.Equal(Id(one), Id(again));
        Assert.Equal("true", again.Headers["Idempotent-Replayed"]);
        Assert.DoesNotContain("Idempotent-Replayed", one.Headers.Keys);
        (await Create("b", first)).AssertError(422, "idempotency_key_reused", "Idempotency-Key");
        Assert.NotEqual(Id(one), Id(await Create("a", second)));
        (await server.CreateAsync(new { prompt = "a" }, first, ("Idempotency-Key", "a b"))).AssertError(400, "invalid_value", "Idempotency-Key");
    }

    [StoreFact]
    public async Task Idempotency_RepeatedByTheClient_AnswersTheFirstVideo()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine);
        var key = await server.AddKeyAsync();

        var one = await server.CreateAsync(new { prompt = "a" }, key, ("X-Stainless-Retry-Count", "0"));
        var repeated = await server.CreateAsync(new { prompt = "a" }, key, ("X-Stainless-Retry-Count", "1"));
        var meant = await server.CreateAsync(new { prompt = "a" }, key, ("X-Stainless-Retry-Count", "0"));

        Assert.Equal(Id(one), Id(repeated));
        Assert.NotEqual(Id(one), Id(meant));
    }

    [StoreFact]
    public async Task NoKeys_RequestOfAForeignPage_Answers403()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var own = server.Address.GetLeftPart(UriPartial.Authority);

        (await server.CreateAsync(new { prompt = "a" }, null, ("Origin", "https://example.org"))).AssertError(403, "insufficient_permissions");
        (await server.GetAsync("/v1/videos", null, ("Host", "example.org"))).AssertError(403, "insufficient_permissions");
        Assert.Equal(200, (await server.GetAsync("/v1/videos", null, ("Origin", own))).Status);
    }

    [StoreTheory]
    [InlineData("0.0.0.0")]
    [InlineData("192.168.1.5")]
    [InlineData("::")]
    public void Options_NoKeysBeyondThisMachine_AreRefused(string host)
    {
        var error = Assert.Throws<ArgumentException>(() => new ServiceOptions { FilesFolder = "x", Host = host, RequiresKeys = false }.Check());
        Assert.Contains(host, error.Message);
    }

    [StoreFact]
    public async Task Key_Admin_ReachesEverybodysVideos()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine);
        var plain = await server.AddKeyAsync();
        var admin = await server.AddKeyAsync(key => key with { Scopes = [.. key.Scopes, Service.Api.Security.Scopes.Admin] });
        var id = await server.AcceptAsync(key: plain);
        var own = await server.AcceptAsync(key: admin);

        Assert.Equal(id, Id(await server.GetAsync($"/v1/videos/{id}", admin)));
        Assert.Equal([own], Ids(await server.GetAsync("/v1/videos", admin)));
        Assert.Equal([own, id], Ids(await server.GetAsync("/v1/videos?owner=all", admin)));
        Assert.Equal([id], Ids(await server.GetAsync($"/v1/videos?owner=all&after={own}", admin)));
        (await server.GetAsync("/v1/videos?owner=all", plain)).AssertError(403, "insufficient_permissions");
        (await server.GetAsync("/v1/videos?owner=x", admin)).AssertError(400, "invalid_value", "owner");
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel", null, admin)).Status);
        Assert.Equal(200, (await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{id}", null, admin)).Status);
        (await server.GetAsync($"/v1/videos/{id}", plain)).AssertError(404, "video_not_found", "video_id");

        static string[] Ids(ApiReply reply) => [.. reply.Json.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!)];
    }

    [StoreFact]
    public async Task Rate_OfAFastKey_CanBeUsed()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await StartAsync(engine);
        // 100 a second: a bucket of 5 that is filled ten times a second would give half of that.
        var key = await server.AddKeyAsync(key => key with { CreatesPerMinute = 6000, MaxQueued = 100 });

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.CreateAsync(new { prompt = "a" }, key)));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
    }

    [StoreFact]
    public async Task Quota_UsedUp_Answers429ForGood()
    {
        using var engine = new FakeEngine();
        await using var server = await StartAsync(engine, options => options with { RunsWorker = false });
        var key = await server.AddKeyAsync(key => key with { GpuSecondsPerDay = 1 });
        await server.Store.CreateAsync(Examples.Job(owner: key[3..15]));
        var token = (await server.Store.ClaimAsync()).Token;
        await Task.Delay(1100);
        await server.Store.FailAsync(token, Examples.Permanent);

        var reply = await server.CreateAsync(new { prompt = "a" }, key);

        reply.AssertError(429, "insufficient_quota");
        Assert.Equal("false", reply.Headers["x-should-retry"]);
    }

    private static Task<ApiServer> StartAsync(FakeEngine engine, Func<ServiceOptions, ServiceOptions>? change = null) =>
        ApiServer.StartAsync(engine, options => (change?.Invoke(options) ?? options) with { RequiresKeys = true });

    private static string? Id(ApiReply reply) => reply.Json.GetProperty("id").GetString();
}
