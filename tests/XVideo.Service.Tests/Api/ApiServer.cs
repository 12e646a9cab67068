using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Store;

namespace XVideo.Service.Tests.Api;

/// <summary>A real server on a free port of this machine, with files in a folder of its own and a store of <see cref="ApiStores"/>.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private static readonly byte[] Pepper = Encoding.ASCII.GetBytes("sixteen bytes and more");
    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private ApiServer(WebApplication app, IJobStore store, string folder, bool ownsFolder)
    {
        (_app, Store, Folder, _ownsFolder) = (app, store, folder, ownsFolder);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public IJobStore Store { get; }

    public string Folder { get; }

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Waits until something holds, 20 s at most, and insists on it.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var at = 0; !condition() && at < 1000; at++) await Task.Delay(20);
        Assert.True(condition());
    }

    /// <summary>Sends no key unless told to.</summary>
    public HttpClient Client { get; }

    public static async Task<ApiServer> StartAsync(IVideoEngine engine, Func<ServiceOptions, ServiceOptions>? change = null, string? folder = null, Action<WebApplicationBuilder>? configure = null)
    {
        var ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("xvideo-api-").FullName;
        var store = await ApiStores.OpenAsync(folder);
        var options = new ServiceOptions { FilesFolder = Path.Combine(folder, "files"), Port = 0, RequiresKeys = false, Pepper = Pepper, MinimumFreeBytes = 0, Heartbeat = TimeSpan.FromMilliseconds(100) };
        var app = VideoServer.Create(change?.Invoke(options) ?? options, store, engine, configure);
        await app.StartAsync();
        return new ApiServer(app, store, folder, ownsFolder);
    }

    /// <summary>Makes a key with limits that no test meets by accident.</summary>
    public async Task<string> AddKeyAsync(Func<ApiKey, ApiKey>? change = null)
    {
        var (text, id, hash) = ApiKeySecret.Create(Pepper);
        var key = new ApiKey { KeyId = id, SecretHash = hash, Label = "test", Scopes = Scopes.Usual, CreatesPerMinute = 6000, ReadsPerMinute = 60_000 };
        await Store.AddKeyAsync(change?.Invoke(key) ?? key);
        return text;
    }

    public async Task<ApiReply> SendAsync(HttpMethod method, string path, HttpContent? body = null, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        return await ApiReply.ReadAsync(response);
    }

    public Task<ApiReply> GetAsync(string path, string? key = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, key, headers);

    /// <summary>Creates a video from JSON.</summary>
    public Task<ApiReply> CreateAsync(object body, string? key = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/v1/videos", new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), key, headers);

    /// <summary>Creates a video from a form, as the Node client does.</summary>
    public Task<ApiReply> CreateFormAsync(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), $"\"{name}\"");
        return SendAsync(HttpMethod.Post, "/v1/videos", form);
    }

    /// <summary>Creates a video that must be accepted, and gives its id.</summary>
    public async Task<string> AcceptAsync(string prompt = "a red ball", string? key = null)
    {
        var reply = await CreateAsync(new { prompt }, key);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json.GetProperty("id").GetString()!;
    }

    /// <summary>Asks until a video has a status; fails when it ends otherwise or does not end.</summary>
    public async Task<JsonElement> WaitAsync(string id, string status, string? key = null)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var reply = await GetAsync($"/v1/videos/{id}", key);
            var now = reply.Json.TryGetProperty("status", out var value) ? value.GetString() : reply.Text;
            if (now == status) return reply.Json;
            if (DateTime.UtcNow > limit || (now is "completed" or "failed")) Assert.Fail($"The video should become {status}, and is: {reply.Text}");
            await Task.Delay(20);
        }
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        if (!_ownsFolder) return;
        await ApiStores.ForgetAsync(Folder);
        Directory.Delete(Folder, recursive: true);
    }
}
