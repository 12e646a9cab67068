#pragma warning disable OPENAI001 // the vendor calls its video client experimental
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Videos;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

/// <summary>The vendor's own client, unmodified but for the address.</summary>
public class OpenAiClientTests
{
    [StoreFact]
    public async Task Client_CreatePollDownloadDelete_Works()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        var client = Client(server, await server.AddKeyAsync());

        var created = Json(await client.CreateVideoAsync(Body("""{"prompt":"a red ball","seconds":"4","size":"832x480","num_inference_steps":2}"""), "application/json"));
        var id = created.GetProperty("id").GetString()!;
        Assert.Equal(65, created.GetProperty("num_frames").GetInt32());
        JsonElement video;
        do video = Json(await client.GetVideoAsync(id, new RequestOptions()));
        while (video.GetProperty("status").GetString() is "queued" or "in_progress");
        Assert.Equal("completed", video.GetProperty("status").GetString());

        var file = (await client.DownloadVideoAsync(id, "video", new RequestOptions())).GetRawResponse().Content.ToArray();
        Assert.Equal("ftyp"u8.ToArray(), file[4..8]);
        var thumbnail = (await client.DownloadVideoAsync(id, "thumbnail", new RequestOptions())).GetRawResponse().Content.ToArray();
        Assert.Equal("WEBP"u8.ToArray(), thumbnail[8..12]);
        var remix = Json(await client.CreateVideoRemixAsync(id, Body("""{"prompt":"a blue ball"}"""), "application/json"));
        Assert.Equal(id, remix.GetProperty("remixed_from_video_id").GetString());
        Assert.True(Json(await client.DeleteVideoAsync(id, new RequestOptions())).GetProperty("deleted").GetBoolean());
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => client.GetVideoAsync(id, new RequestOptions()));
        Assert.Equal(404, gone.Status);
        Assert.Contains("video_not_found", gone.Message);
    }

    [StoreFact]
    public async Task Client_Multipart_IsRead()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        var client = Client(server, await server.AddKeyAsync());
        using var form = new MultipartFormDataContent { { new StringContent("a red ball"), "prompt" }, { new StringContent("7"), "seed" } };

        var created = Json(await client.CreateVideoAsync(BinaryContent.Create(await form.ReadAsStreamAsync()), form.Headers.ContentType!.ToString()));

        Assert.Equal(7, created.GetProperty("seed").GetInt64());
    }

    [StoreFact]
    public async Task Client_PagesByHand_SeesEveryVideoOnce()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        var key = await server.AddKeyAsync();
        var client = Client(server, key);
        var ids = new List<string>();
        for (var at = 0; at < 5; at++) ids.Add(await server.AcceptAsync($"video {at}", key));

        var seen = new List<string>();
        string? after = null;
        while (true)
        {
            var page = Json(await client.GetVideosAsync(2, "asc", after, new RequestOptions()).GetRawPagesAsync().FirstAsync());
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("id").GetString()!));
            after = page.GetProperty("last_id").GetString();
            if (!page.GetProperty("has_more").GetBoolean()) break;
        }

        Assert.Equal(ids, seen);
    }

    [StoreFact]
    public async Task Client_RefusedRequest_CarriesStatusAndCode()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        var key = await server.AddKeyAsync();

        var bad = await Assert.ThrowsAsync<ClientResultException>(() => Client(server, key).CreateVideoAsync(Body("""{"prompt":"a","size":"831x480"}"""), "application/json"));
        Assert.Equal(400, bad.Status);
        Assert.Contains("size", bad.Message);
        var unknown = await Assert.ThrowsAsync<ClientResultException>(() => Client(server, "bad").GetVideoAsync("video_00000000000000000000000000000000", new RequestOptions()));
        Assert.Equal(401, unknown.Status);
    }

    private static VideoClient Client(ApiServer server, string key) =>
        new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1") }).GetVideoClient();

    private static BinaryContent Body(string json) => BinaryContent.Create(BinaryData.FromString(json));

    private static JsonElement Json(ClientResult result) => JsonElement.Parse(result.GetRawResponse().Content.ToMemory().Span);
}
