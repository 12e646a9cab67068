using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Service.Store;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Conformance;

/// <summary>A server with three keys, of which the third is revoked, and one client that calls it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly List<string> _notes = [];

    private Stage(IContractClient client, ApiServer server, FakeEngine engine, RequestLog log, string[] keys) =>
        (Client, Server, Engine, Log, Keys, Address) = (client, server, engine, log, keys, server.Address);

    public IContractClient Client { get; }

    public ApiServer Server { get; }

    public FakeEngine Engine { get; }

    public RequestLog Log { get; }

    /// <summary>K1, K2, K3.</summary>
    public string[] Keys { get; }

    /// <summary>Where calls go; another server may take over.</summary>
    public Uri Address { get; set; }

    /// <summary>What the page of results says besides.</summary>
    public string Notes => string.Join("; ", _notes);

    public static async Task<Stage> OpenAsync(IContractClient client, ConformanceRow row)
    {
        var (engine, log) = (new FakeEngine(), new RequestLog());
        var server = await ApiServer.StartAsync(engine, options => row.Change(options) with { RequiresKeys = true },
            configure: builder => builder.Services.AddSingleton<Microsoft.AspNetCore.Hosting.IStartupFilter>(log));
        string[] keys = [await server.AddKeyAsync(row.ChangeKey), await server.AddKeyAsync(), await server.AddKeyAsync()];
        await server.Store.RevokeKeyAsync(keys[2].Split('_')[1]);
        return new Stage(client, server, engine, log, keys);
    }

    /// <summary>Says on the page what a reader must know.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>Sends a call; a part that this client cannot send is noted, and answered with <see langword="null"/>.</summary>
    public async Task<ContractReply?> TryAsync(ContractCall call, string part)
    {
        var reply = await Client.SendAsync(call with { Address = Address, Key = call.Key == ContractCall.DefaultKey ? Keys[0] : call.Key });
        if (reply is null) Note($"cannot send {part}");
        return reply;
    }

    /// <summary>Sends a call that every client can send.</summary>
    public async Task<ContractReply> SendAsync(ContractCall call) =>
        await TryAsync(call, call.Operation) ?? throw new InvalidOperationException($"{Client.Name} cannot send {call.Operation}.");

    public Task<ContractReply> CreateAsync(JsonObject fields, string encoding = "form") => SendAsync(new("videos.create") { Fields = fields, Encoding = encoding });

    public async Task<string> AcceptAsync(string prompt = "a red ball") => (await CreateAsync(new() { ["prompt"] = prompt })).Ok().Id;

    public Task<ContractReply> GetAsync(string id) => SendAsync(new("videos.retrieve") { Id = id });

    public Task<ContractReply> ContentAsync(string id, string? variant = null, params (string Name, string Value)[] headers) =>
        SendAsync(new("videos.content") { Id = id, Query = variant is null ? null : new() { ["variant"] = variant }, Headers = headers.ToDictionary(header => header.Name, header => header.Value) });

    /// <summary>Something that clients have no method for.</summary>
    public Task<ContractReply> RequestAsync(string method, string path) => SendAsync(new("request") { Method = method, Path = path });

    /// <summary>Asks until a video has a status.</summary>
    public async Task<JsonElement> WaitAsync(string id, string status, Action<JsonElement>? each = null)
    {
        for (var limit = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(20))
        {
            var video = (await GetAsync(id)).Ok().Json;
            each?.Invoke(video);
            var now = video.GetProperty("status").GetString();
            if (now == status) return video;
            if (now is "completed" or "failed" || DateTime.UtcNow > limit) Assert.Fail($"The video should become {status}, and is: {video}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Engine.Open();
        await Server.DisposeAsync();
        Engine.Dispose();
    }
}
