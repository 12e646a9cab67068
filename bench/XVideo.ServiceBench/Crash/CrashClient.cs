using System.Globalization;
using System.Text.Json;

namespace XVideo.ServiceBench.Crash;

/// <summary>A client that never gives up: creates with idempotency keys and asks until it gets an answer.</summary>
internal sealed class CrashClient : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Where the server listens now.</summary>
    public Uri? Address { get; set; }

    /// <summary>Answers that were lost, over all.</summary>
    public int Lost { get; private set; }

    /// <summary>Sends a create; false when no answer came, and then it may or may not have been accepted.</summary>
    public async Task<bool> CreateAsync(CrashJob job, CrashRequest request)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(request.Prompt), "prompt" },
            { new StringContent(Text(request.Seed)), "seed" },
            { new StringContent($"{CrashRequest.Width}x{CrashRequest.Height}"), "size" },
            { new StringContent(Text(CrashRequest.Frames)), "num_frames" },
            { new StringContent(Text(request.Steps)), "num_inference_steps" },
        };
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(Address!, "/v1/videos")) { Content = form };
        message.Headers.Add("Idempotency-Key", job.Key);
        if (await SendAsync(message) is not { } reply) return false;
        job.Id = JsonElement.Parse(reply).GetProperty("id").GetString();
        return true;
    }

    /// <summary>Looks whether a job is finished.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task RefreshAsync(CrashJob job)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(Address!, $"/v1/videos/{job.Id}"));
        if (await SendAsync(message) is not { } reply) return;
        var status = JsonElement.Parse(reply).GetProperty("status").GetString();
        if (status == "failed") throw new InvalidOperationException($"A video failed that should not: {System.Text.Encoding.UTF8.GetString(reply)}");
        job.IsDone = status == "completed";
    }

    /// <summary>The file of a finished job.</summary>
    public async Task<byte[]> DownloadAsync(string id) => await _http.GetByteArrayAsync(new Uri(Address!, $"/v1/videos/{id}/content"));

    public void Dispose() => _http.Dispose();

    private async Task<byte[]?> SendAsync(HttpRequestMessage message)
    {
        try
        {
            using var response = await _http.SendAsync(message);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            if (response.IsSuccessStatusCode) return bytes;
            // The server may be at its end, or its database away.
            if ((int)response.StatusCode >= 500) return null;
            throw new InvalidOperationException($"{message.Method} {message.RequestUri} answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(bytes)}");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            Lost++;
            return null;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
