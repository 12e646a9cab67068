using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace XVideo.ServiceBench.Load;

/// <summary>Calls over real HTTP, with one of many keys.</summary>
internal sealed class LoadClient(Uri address, IReadOnlyList<string> keys) : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"prompt":"a red ball bounces on green grass","size":"832x480","num_frames":81,"num_inference_steps":4}""");
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<string, string> _keyOf = [];
    private int _next;

    /// <summary>Ids that were created; grows.</summary>
    public ConcurrentQueue<string> Ids { get; } = [];

    /// <summary>Creates a video.</summary>
    public async Task CreateAsync(Latencies latencies)
    {
        var key = keys[(int)((uint)Interlocked.Increment(ref _next) % keys.Count)];
        var content = new ByteArrayContent(Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (await SendAsync(HttpMethod.Post, "/v1/videos", key, latencies, content) is not { } reply) return;
        var id = Id(reply);
        _keyOf[id] = key;
        Ids.Enqueue(id);
    }

    /// <summary>Asks how a video is.</summary>
    public Task StatusAsync(string id, Latencies latencies) => SendAsync(HttpMethod.Get, $"/v1/videos/{id}", _keyOf[id], latencies);

    /// <summary>Deletes a video.</summary>
    public Task DeleteAsync(string id, Latencies latencies) => SendAsync(HttpMethod.Delete, $"/v1/videos/{id}", _keyOf[id], latencies);

    /// <summary>Reads one page of 100.</summary>
    /// <returns>The id to go on behind; <see langword="null"/> after the last page.</returns>
    public async Task<(string? After, int Count)> PageAsync(string key, string? after, Latencies latencies)
    {
        var reply = await SendAsync(HttpMethod.Get, $"/v1/videos?limit=100{(after is null ? "" : $"&after={after}")}", key, latencies);
        if (reply is null) return (null, 0);
        using var page = JsonDocument.Parse(reply);
        return (page.RootElement.GetProperty("has_more").GetBoolean() ? page.RootElement.GetProperty("last_id").GetString() : null, page.RootElement.GetProperty("data").GetArrayLength());
    }

    /// <summary>Follows a video's events until they end.</summary>
    /// <returns>How many lines came.</returns>
    public async Task<int> FollowAsync(string id, CancellationToken cancellation)
    {
        var lines = 0;
        try
        {
            using var request = Request(HttpMethod.Get, $"/v1/videos/{id}/events", _keyOf[id]);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"The events of {id} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
            while (await reader.ReadLineAsync(cancellation) is not null) lines++;
        }
        catch (Exception error) when (error is OperationCanceledException or HttpIOException)
        {
            // Long enough.
        }
        return lines;
    }

    /// <summary>The key that a video belongs to.</summary>
    public string KeyOf(string id) => _keyOf[id];

    public void Dispose() => _http.Dispose();

    private async Task<byte[]?> SendAsync(HttpMethod method, string path, string key, Latencies latencies, HttpContent? content = null)
    {
        using var request = Request(method, path, key);
        request.Content = content;
        var begin = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            latencies.Add(begin, response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode} {(bytes.Length > 0 ? JsonElement.Parse(bytes).GetProperty("error").GetProperty("code").GetString() : "")}");
            return response.IsSuccessStatusCode ? bytes : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            latencies.Add(begin, error.GetType().Name);
            return null;
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string key)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static string Id(byte[] reply)
    {
        var reader = new Utf8JsonReader(reply);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("id"u8) && reader.Read()) return reader.GetString()!;
        throw new InvalidOperationException($"A create answered without an id: {Encoding.UTF8.GetString(reply)}");
    }
}
