using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using XVideo.ServiceBench.Processes;

namespace XVideo.Cli.Tests.Serve;

/// <summary>What the real program tells the machine that it runs on.</summary>
public sealed class ObserveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => Path.Combine(_folder.Path, "serve.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_WithACollectorAndJsonLog_TellsBothAboutAJobToTheLast()
    {
        using var collector = new OtlpReceiver();
        string id;
        await using (var server = await StartAsync(
            ["--log-format", "json"], ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "videos-of-a-test")))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            await http.GetStringAsync("/healthz");
            id = await MakeAsync(http, "wombat-5150");
            using var page = await http.GetAsync("/v1/videos?after=wombat-5150");

            Assert.Equal(0, await server.TerminateAsync());
        }

        CheckTelemetry(collector.All("/v1/metrics"), collector.All("/v1/traces"));
        CheckLog(await File.ReadAllTextAsync(Log), id);
    }

    [Fact]
    public void Serve_CollectorsAddressIsNone_SaysSo()
    {
        var run = CliRun.Start(_folder.Path, ["serve", "--port", "0", "--model", CrashLoopTests.Model(), "--data", _folder.Path], ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT \"localhost:4317\" is not usable", run.Error);
    }

    [Fact]
    public async Task Serve_StartedBySystemdWithACollectorThatIsAway_NotifiesLogsForTheJournalAndEnds()
    {
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        var path = Path.Combine(_folder.Path, "notify");
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        var seen = new List<string>();
        await using (var server = await StartAsync([], ("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "200000"), ("JOURNAL_STREAM", "8:1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            WaitFor("STATUS=idle");
            WaitFor("WATCHDOG=1");
            Assert.Equal(0, await server.TerminateAsync());
            WaitFor("STOPPING=1\nSTATUS=stopping");
        }

        Assert.Equal("READY=1", seen[0]);
        Assert.Contains(await File.ReadAllLinesAsync(Log), line => line.StartsWith("<6>XVideo.Service.Worker.VideoWorker[3010]", StringComparison.Ordinal));

        void WaitFor(string message)
        {
            var buffer = new byte[4096];
            while (!seen.Contains(message)) seen.Add(Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer)));
        }
    }

    [Fact]
    public void Keys_PepperIsACredential_IsTakenFromThere()
    {
        var credentials = Path.GetDirectoryName(_folder.File("credentials/key-pepper", "thirty-two bytes of no importance"))!;
        var data = Path.Combine(_folder.Path, "data");

        var run = CliRun.Start(_folder.Path, ["keys", "create", "--data", data], ("CREDENTIALS_DIRECTORY", credentials));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.False(File.Exists(Path.Combine(data, "key-pepper")));
        _folder.File("credentials/key-pepper", "short");
        Assert.Contains("it has 5 bytes", CliRun.Start(_folder.Path, ["keys", "create", "--data", data], ("CREDENTIALS_DIRECTORY", credentials)).Error);
    }

    private static void CheckTelemetry(string metrics, string traces)
    {
        foreach (var name in (string[])["videogen.jobs", "videogen.attention.density", "videogen.phase.duration", "videogen.disk.free", "http.server.request.duration", "dotnet.gc.collections", "videos-of-a-test"])
            Assert.Contains(name, metrics);
        foreach (var name in (string[])["videos.create", "generate_content", "text_encode", "denoise", "vae_decode", "publish", "videos-of-a-test", "POST /v1/videos", "GET /v1/videos/{id}", "http.response.status_code"])
            Assert.Contains(name, traces);
        Assert.DoesNotContain("wombat", metrics + traces);
        Assert.DoesNotContain("/healthz", metrics + traces);
    }

    private static void CheckLog(string text, string id)
    {
        Assert.DoesNotContain("wombat", text);
        Assert.DoesNotContain("curl", text);
        var lines = text.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line)).ToList();
        var ended = lines.Single(line => line.GetProperty("EventId").GetInt32() == 3002);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", ended.GetProperty("Timestamp").GetString());
        var scope = ended.GetProperty("Scopes").EnumerateArray().Single(scope => scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty("job_id", out _));
        Assert.Equal((id, "local"), (scope.GetProperty("job_id").GetString(), scope.GetProperty("key_id").GetString()));
        Assert.Contains(id, ended.GetProperty("Message").GetString());
    }

    private Task<ServerProcess> StartAsync(string[] arguments, params (string Name, string Value)[] environment) => ServerProcess.StartServerAsync(
        [.. CrashLoopTests.Program, "serve", "--port", "0", "--model", CrashLoopTests.Model(), "--data", Path.Combine(_folder.Path, "data"), .. arguments], Log, environment);

    private static async Task<string> MakeAsync(HttpClient http, string prompt)
    {
        using var created = await http.PostAsJsonAsync("/v1/videos", new { prompt, size = "64x64", num_frames = 5, num_inference_steps = 2, seed = 1 });
        var id = JsonElement.Parse(await created.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
        for (var limit = DateTime.UtcNow.AddSeconds(90); ; await Task.Delay(100))
        {
            var video = JsonElement.Parse(await http.GetStringAsync($"/v1/videos/{id}"));
            if (video.GetProperty("status").GetString() == "completed") return id;
            Assert.True(video.GetProperty("status").GetString() != "failed" && DateTime.UtcNow < limit, video.ToString());
        }
    }
}
