using System.Net.Http.Json;
using System.Text.Json;
using XVideo.Service.Store;
using XVideo.Service.Tests.Conformance;
using XVideo.Service.Tests.Store;
using XVideo.ServiceBench.Fake;
using XVideo.ServiceBench.Processes;

namespace XVideo.Service.Tests.Processes;

/// <summary>A database that dies in the middle of a job and comes back.</summary>
[NeedsPostgres]
public sealed class OutageTests
{
    [StoreFact]
    public async Task Database_GoneForLessThanTheLease_TheJobGoesOn()
    {
        var outcomes = await RunAsync(lease: TimeSpan.FromMinutes(1), outage: TimeSpan.FromSeconds(1));
        Assert.Equal([AttemptOutcome.Completed], outcomes);
    }

    [StoreFact]
    public async Task Database_GoneForLongerThanTheLease_TheJobIsMadeAgainOnce()
    {
        var outcomes = await RunAsync(lease: TimeSpan.FromSeconds(4), outage: TimeSpan.FromSeconds(6));
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], outcomes);
    }

    private static async Task<AttemptOutcome[]> RunAsync(TimeSpan lease, TimeSpan outage)
    {
        using var folder = new ProcessFolder();
        await using var database = await PostgresServer.StartNewAsync(isDurable: true);
        await database.ExecuteAsync("CREATE DATABASE outage");
        var options = new FakeServerOptions { Folder = folder.Path, Queue = database.ConnectionString("outage"), Lease = lease };
        await using var server = await ServerProcess.StartServerAsync(options.Command, folder.Log);
        using var http = new HttpClient { BaseAddress = server.Address };
        var created = await (await http.PostAsJsonAsync("/v1/videos", new { prompt = "a", num_inference_steps = 30 })).Content.ReadFromJsonAsync<JsonElement>();
        var id = created.GetProperty("id").GetString()!;
        await WaitAsync(http, id, video => video.GetProperty("step").GetInt32() >= 3);

        await database.KillAsync();
        await Task.Delay(outage);
        using var refused = await http.GetAsync($"/v1/videos/{id}");
        Assert.Equal((503, "30"), ((int)refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
        await database.RestartAsync();

        await WaitAsync(http, id, video => video.GetProperty("status").GetString() == "completed");
        Assert.Equal(0, await server.TerminateAsync());
        await using var store = await FakeServer.OpenAsync(options);
        // A file whose row could not be written may lie beside it until the next sweep.
        Assert.Contains(Path.Combine(folder.Path, "files", Assert.Single(await store.ListArtifactsAsync(id)).Path), folder.Videos);
        Assert.Empty(folder.Temporaries);
        return [.. (await store.ListAttemptsAsync(id)).Select(attempt => attempt.Outcome!.Value)];
    }

    // Errors are waited out: the server finds its database again by itself.
    private static async Task WaitAsync(HttpClient http, string id, Func<JsonElement, bool> isSo)
    {
        var last = "";
        for (var limit = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < limit; await Task.Delay(50))
        {
            using var response = await http.GetAsync($"/v1/videos/{id}");
            last = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode && isSo(JsonElement.Parse(last))) return;
        }
        Assert.Fail($"The video did not get there: {last}");
    }
}
