using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;

namespace XVideo.Browser.Tests.Service;

/// <summary>A real server on this machine with a queue in a folder of its own. It can be stopped and started again at the same address.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private static readonly byte[] Pepper = Encoding.ASCII.GetBytes("sixteen bytes and more");
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-page-").FullName;
    private readonly Func<ServiceOptions, ServiceOptions> _change;
    private WebApplication? _app;
    private IJobStore? _store;
    private int _port;

    private PageServer(Func<ServiceOptions, ServiceOptions>? change) => _change = change ?? (options => options);

    /// <summary>The engine of the last start.</summary>
    public PacedEngine Engine { get; private set; } = null!;

    public string Address => $"http://127.0.0.1:{_port}/";

    /// <summary>Sent with the calls of a test itself.</summary>
    public string? Key { get; set; }

    public static async Task<PageServer> StartAsync(Func<ServiceOptions, ServiceOptions>? change = null)
    {
        var server = new PageServer(change);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        Engine = new PacedEngine();
        _store = await SqliteJobStore.OpenAsync(new SqliteJobStoreOptions { Path = Path.Combine(_folder, "jobs.db") }, TimeProvider.System);
        var options = new ServiceOptions { FilesFolder = Path.Combine(_folder, "files"), Port = _port, RequiresKeys = false, Pepper = Pepper, MinimumFreeBytes = 0, Heartbeat = TimeSpan.FromMilliseconds(100) };
        _app = VideoServer.Create(_change(options), _store, Engine);
        await _app.StartAsync();
        _port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store!.DisposeAsync();
        _app = null;
    }

    public async Task<string> AddKeyAsync()
    {
        var (text, id, hash) = ApiKeySecret.Create(Pepper);
        await _store!.AddKeyAsync(new ApiKey { KeyId = id, SecretHash = hash, Label = "test", Scopes = [Scopes.Read, Scopes.Write], CreatesPerMinute = 6000, ReadsPerMinute = 60_000 });
        return text;
    }

    /// <summary>The reply to a call of the API, which must succeed.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        if (Key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    /// <summary>Creates a video and gives its id.</summary>
    public async Task<string> CreateAsync(object body) => (await CallAsync(HttpMethod.Post, "v1/videos", body)).GetProperty("id").GetString()!;

    /// <summary>Creates a video, waits until it is finished, and gives its id.</summary>
    public async Task<string> MakeAsync(object body)
    {
        var id = await CreateAsync(body);
        await WaitAsync(id, "completed");
        return id;
    }

    public async Task<JsonElement> WaitAsync(string id, string status)
    {
        for (var limit = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(30))
        {
            var video = await CallAsync(HttpMethod.Get, $"v1/videos/{id}");
            var now = video.GetProperty("status").GetString();
            if (now == status) return video;
            if (DateTime.UtcNow > limit || now is "completed" or "failed") Assert.Fail($"The video should become {status}, and is: {video}");
        }
    }

    /// <summary>All videos, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync() => [.. (await CallAsync(HttpMethod.Get, "v1/videos?limit=100")).GetProperty("data").EnumerateArray()];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
