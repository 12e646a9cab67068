using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using XVideo.Service.Tests.Store;
using XVideo.ServiceBench.Processes;

namespace XVideo.Cli.Tests.Serve;

/// <summary><c>xvideo worker</c> as real processes beside a server that makes nothing itself.</summary>
public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task TwoWorkers_OnPostgres_ShareTheJobsOfAServerWithoutOne()
    {
        var postgres = await PostgresServer.SharedAsync();
        await postgres.ExecuteAsync("CREATE DATABASE workers");
        string[] queue = ["--queue", postgres.ConnectionString("workers")];
        await using var server = await ServeAsync(queue);
        using var http = new HttpClient { BaseAddress = server.Address };
        await using var first = await WorkerAsync("first", [.. queue, "--health-port", "0"]);
        await using var second = await WorkerAsync("second", [.. queue, "--health-port", "0"]);
        // Both have to be at it, or the quicker one would have made all videos before the other has loaded.
        await UntilReadyAsync(first);
        await UntilReadyAsync(second);

        var ids = new List<string>();
        for (var at = 0; at < 6; at++) ids.Add(await CreateAsync(http, steps: 30));
        foreach (var id in ids) await CompletedAsync(http, id);

        foreach (var worker in (ServerProcess[])[first, second])
        {
            using var health = new HttpClient { BaseAddress = worker.Address };
            Assert.Equal("Healthy", await health.GetStringAsync("/healthz"));
            Assert.Contains("videogen_jobs", await health.GetStringAsync("/metrics"));
            Assert.Equal(HttpStatusCode.NotFound, (await health.GetAsync("/v1/videos")).StatusCode);
        }
        var codes = await Task.WhenAll(first.TerminateAsync(), second.TerminateAsync(), server.TerminateAsync());
        Assert.All(codes, code => Assert.Equal(0, code));
        var made = ((string[])["first", "second"]).Select(name => ids.Count(id => LogOf(name).Contains($"Job {id} (1) ended: Completed", StringComparison.Ordinal))).ToArray();
        Assert.Equal(6, made.Sum());
        Assert.All(made, count => Assert.InRange(count, 1, 5));
    }

    [Fact]
    public async Task Worker_OnTheSqliteFileOfAServer_MakesItsJobsAndTellsItWhatFits()
    {
        // The default model: the tiny one has no positions for a size that needs more memory than any machine has.
        string[] model = ["--model", DefaultModel()];
        await using var server = await ServeAsync(model);
        using var http = new HttpClient { BaseAddress = server.Address };
        await using var worker = await WorkerAsync("worker", model);

        await CompletedAsync(http, await CreateAsync(http, steps: 2));

        // The server has not loaded the model, and knows from the worker what fits.
        using var refused = await http.PostAsJsonAsync("/v1/videos", new { prompt = "a red ball", size = "16000x16000", num_frames = 1 });
        var error = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "size"), (refused.StatusCode, error.GetProperty("param").GetString()));
        Assert.Matches(@"GiB of memory, and this server has \d+\.\d GiB\. What fits: (\d+)x\1 with 1 frame\.$", error.GetProperty("message").GetString());
        Assert.Equal(0, await worker.TerminateAsync());
    }

    [Fact]
    public async Task Worker_SecondSignal_EndsAtOnceAndAnotherGoesOn()
    {
        await using var server = await ServeAsync([]);
        using var http = new HttpClient { BaseAddress = server.Address };
        string id;
        await using (var worker = await WorkerAsync("first", []))
        {
            id = await CreateAsync(http, steps: 1000);
            // So near to its end that the first signal waits for it.
            await UntilAsync(async () => (await ReadAsync(http, id)).GetProperty("eta_seconds") is { ValueKind: JsonValueKind.Number } eta && eta.GetDouble() < 15);
            Signals.Send(worker.Id, Signals.Terminate);
            await UntilAsync(() => LogOf("first").Contains("Stopping after the job that runs", StringComparison.Ordinal));

            Assert.Equal(128 + Signals.Terminate, await worker.TerminateAsync());
        }
        Assert.Equal("in_progress", (await ReadAsync(http, id)).GetProperty("status").GetString());

        // It finds that the other one is gone, and does not wait for the end of its lease.
        await using var next = await WorkerAsync("next", []);
        await CompletedAsync(http, id);
    }

    [Theory]
    [InlineData(2, "--health-port", "70000")]
    [InlineData(3, "--model", "/nowhere")]
    [InlineData(4, "--ffmpeg", "/nowhere/ffmpeg")]
    public void Worker_ThatCannotWork_EndsWithTheCodeOfItsReason(int code, params string[] arguments)
    {
        var run = CliRun.Start(_folder.Path, ["worker", "--data", _folder.Path, .. WithModel(arguments)]);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(arguments[1], run.Error);
    }

    private Task<ServerProcess> ServeAsync(string[] arguments) => ServerProcess.StartServerAsync(
        [.. CrashLoopTests.Program, "serve", "--no-worker", "--port", "0", "--data", _folder.Path, .. WithModel(arguments)], Path.Combine(_folder.Path, "serve.log"));

    private Task<ServerProcess> WorkerAsync(string name, string[] arguments)
    {
        string[] command = [.. CrashLoopTests.Program, "worker", "--data", _folder.Path, .. WithModel(arguments)];
        var log = Path.Combine(_folder.Path, $"{name}.log");
        return arguments.Contains("--health-port") ? ServerProcess.StartServerAsync(command, log) : Task.FromResult(ServerProcess.StartWorker(command, log));
    }

    private static string DefaultModel([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "weights", "default"));

    private static string[] WithModel(string[] arguments) => arguments.Contains("--model") ? arguments : ["--model", CrashLoopTests.Model(), .. arguments];

    private string LogOf(string name)
    {
        var path = Path.Combine(_folder.Path, $"{name}.log");
        if (!File.Exists(path)) return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static async Task<string> CreateAsync(HttpClient http, int steps)
    {
        using var reply = await http.PostAsJsonAsync("/v1/videos", new { prompt = "a red circle", size = "64x48", num_frames = 5, num_inference_steps = steps });
        var video = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(reply.IsSuccessStatusCode, video.ToString());
        return video.GetProperty("id").GetString()!;
    }

    private static async Task CompletedAsync(HttpClient http, string id)
    {
        JsonElement video = default;
        await UntilAsync(async () => (video = await ReadAsync(http, id)).GetProperty("status").GetString() is "completed" or "failed");
        Assert.True(video.GetProperty("status").GetString() == "completed", video.ToString());
    }

    private static Task<JsonElement> ReadAsync(HttpClient http, string id) => http.GetFromJsonAsync<JsonElement>($"/v1/videos/{id}");

    private static async Task UntilReadyAsync(ServerProcess worker)
    {
        using var health = new HttpClient { BaseAddress = worker.Address };
        await UntilAsync(async () => (await health.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var at = 0; !await condition(); at++)
        {
            Assert.True(at < 1200, "It does not come to that within two minutes.");
            await Task.Delay(100);
        }
    }
}

/// <summary>A test that needs a PostgreSQL; skipped where there is none, with the reason.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.MissingReason;
}
