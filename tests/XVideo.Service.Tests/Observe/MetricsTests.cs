using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Observe;
using XVideo.Service.Observe.Prometheus;
using XVideo.Service.Store;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Observe;

public sealed class MetricsTests
{
    private static readonly (string, string) Model = ("model", FakeEngine.ModelId);

    [Fact]
    public async Task Metrics_AfterJobsOfEveryEnd_CountWhatHappened()
    {
        using var engine = new FakeEngine
        {
            Result = new EngineResult([new StageTime("encode prompt", TimeSpan.FromSeconds(1)), new StageTime("denoise", TimeSpan.FromSeconds(7)), new StageTime("decode", TimeSpan.FromSeconds(2))], 3 << 20, 0.25, 2),
        };
        await using var server = await ApiServer.StartAsync(engine);
        await server.WaitAsync(await server.AcceptAsync(), "completed");
        await server.WaitAsync(await server.AcceptAsync(), "completed");
        engine.Failure = new OutOfMemoryException();
        await server.WaitAsync(await server.AcceptAsync(), "failed");
        engine.Failure = null;
        engine.Close();
        var running = await server.AcceptAsync();
        await server.WaitAsync(running, "in_progress");
        var waiting = await server.AcceptAsync();
        var deleted = await server.AcceptAsync();
        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{waiting}/cancel");
        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{waiting}/cancel");
        await server.SendAsync(HttpMethod.Delete, $"/v1/videos/{deleted}");
        (await server.CreateAsync(new { prompt = "a", seconds = "-1" })).AssertError(400, "invalid_value", "seconds");

        var at = await ReadAsync(server);

        Assert.Equal(6, at.Value("videogen_jobs_created_total", Model));
        Assert.Equal(2, at.Value("videogen_jobs_total", Model, ("outcome", "completed")));
        Assert.Equal(1, at.Value("videogen_jobs_total", Model, ("outcome", "failed")));
        Assert.Equal(2, at.Value("videogen_jobs_total", Model, ("outcome", "canceled")));
        Assert.Equal(2, at.Value("videogen_attempts_total", Model, ("outcome", "completed")));
        Assert.Equal(1, at.Value("videogen_attempts_total", Model, ("outcome", "failed"), ("error_type", "out_of_memory")));
        Assert.Equal(2, at.Value("videogen_job_duration_seconds_count", Model, ("size", "480p")));
        Assert.Equal(2, at.Value("videogen_phase_duration_seconds_count", Model, ("phase", "denoise")));
        Assert.Equal(14, at.Value("videogen_phase_duration_seconds_sum", Model, ("phase", "denoise")));
        Assert.Equal(0, at.Value("videogen_phase_duration_seconds_bucket", Model, ("phase", "denoise"), ("le", "5")));
        Assert.Equal(2, at.Value("videogen_phase_duration_seconds_bucket", Model, ("phase", "denoise"), ("le", "10")));
        // A value on the end of a range lies in it.
        Assert.Equal(2, at.Value("videogen_phase_duration_seconds_bucket", Model, ("phase", "text_encode"), ("le", "1")));
        Assert.Equal(2, at.Value("videogen_phase_duration_seconds_count", Model, ("phase", "publish")));
        // Steps 2 to 4 of two videos: the first one also has what came before.
        Assert.Equal(6, at.Value("videogen_step_duration_seconds_count", Model, ("size", "480p")));
        Assert.Equal(4, at.Value("videogen_queue_wait_seconds_count", Model, ("size", "480p")));
        Assert.Equal(0.5, at.Value("videogen_attention_density_sum", Model));
        Assert.Equal(2, at.Value("videogen_attention_density_count", Model));
        Assert.Equal(2, at.Value("videogen_checkpoint_resumed_total", Model));
        Assert.Equal(3 << 20, at.Value("videogen_memory_peak_bytes"));
        Assert.Equal(1, at.Value("videogen_rejected_total", ("reason", "invalid")));
        Assert.Equal(1, at.Value("videogen_queue_running"));
        Assert.Equal(0, at.Value("videogen_queue_depth"));
        Assert.Equal(1, at.Value("videogen_workers"));
        Assert.True(at.Value("videogen_disk_free_bytes") > 0);
        Assert.Equal(1, at.Value("gen_ai_server_request_duration_seconds_count", ("gen_ai_operation_name", "generate_content"), ("gen_ai_request_model", FakeEngine.ModelId), ("error_type", "out_of_memory")));
        Assert.Equal(4, at.Value("gen_ai_server_request_duration_seconds_count", ("gen_ai_operation_name", "generate_content"), ("gen_ai_request_model", FakeEngine.ModelId)));
        var page = await File.ReadAllTextAsync(Page());
        Assert.DoesNotContain(at.Families.Keys, name => (name.StartsWith("videogen_", StringComparison.Ordinal) || name.StartsWith("gen_ai_", StringComparison.Ordinal)) && !page.Contains(name, StringComparison.Ordinal));
        engine.Open();
        await server.WaitAsync(running, "completed");
    }

    [Fact]
    public async Task Metrics_OfFrameworkAndRuntime_AreThereAndScrapesAreNotCounted()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        await server.GetAsync("/v1/models");
        await server.GetAsync("/healthz");
        await server.GetAsync("/metrics");

        var at = await ReadAsync(server);

        Assert.Equal("histogram", at.Families["http_server_request_duration_seconds"].Type);
        Assert.Single(at.Samples, sample => sample.Key.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));
        Assert.Contains(at.Samples, sample => sample.Key.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && sample.Key.Contains("http_route=/v1/models", StringComparison.Ordinal) && sample.Value == 1);
        Assert.Equal("gauge", at.Families["kestrel_active_connections"].Type);
        Assert.Equal("counter", at.Families["dotnet_gc_collections_total"].Type);
        Assert.True(at.Value("dotnet_process_memory_working_set_bytes") > 1 << 20);
        Assert.Equal("counter", at.Families["dotnet_process_cpu_time_seconds_total"].Type);
    }

    [Fact]
    public async Task Metrics_TwoServersInOneProcess_EachCountsItsOwn()
    {
        using var engine = new FakeEngine();
        await using var one = await ApiServer.StartAsync(engine);
        await using var other = await ApiServer.StartAsync(engine);
        await one.WaitAsync(await one.AcceptAsync(), "completed");

        Assert.Equal(1, (await ReadAsync(one)).Value("videogen_jobs_created_total", Model));
        var untouched = await ReadAsync(other);
        Assert.Equal(0, untouched.Value("videogen_jobs_created_total", Model));
        // Its counters are there all the same: an increase from nothing would not be seen.
        Assert.Contains("videogen_jobs_total", untouched.Families.Keys);
        Assert.Contains("videogen_lease_lost_total", untouched.Families.Keys);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "1.2.3.4")]
    [InlineData("Forwarded", "for=1.2.3.4")]
    [InlineData("X-Original-For", "1.2.3.4")]
    [InlineData("Host", "videos.example.com")]
    public async Task Metrics_AskedThroughAProxyOrByAForeignName_AreRefusedUnlessPublic(string header, string value)
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        await using var open = await ApiServer.StartAsync(engine, options => options with { HasPublicMetrics = true });

        var refused = await server.GetAsync("/metrics", null, (header, value));

        Assert.Equal(403, refused.Status);
        Assert.Contains("--metrics-public", refused.Text);
        Assert.DoesNotContain("videogen", refused.Text);
        Assert.Equal(200, (await open.GetAsync("/metrics", null, (header, value))).Status);
    }

    [Fact]
    public async Task Metrics_ServerWithKeys_NeedNone()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RequiresKeys = true });
        (await server.GetAsync("/v1/videos")).AssertError(401, "invalid_api_key");

        var reply = await server.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", reply.Headers["Content-Type"]);
        Assert.Equal(1, PrometheusReader.Read(reply.Text).Value("videogen_rejected_total", ("reason", "key")));
    }

    [Fact]
    public async Task Metrics_QueueAway_AreThoseThatAreKnown()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        await server.Store.DisposeAsync();

        var at = await ReadAsync(server);

        Assert.DoesNotContain("videogen_queue_depth", at.Families.Keys);
        Assert.Contains("videogen_disk_free_bytes", at.Families.Keys);
    }

    [Fact]
    public void Collector_NamesAndValuesFromAnywhere_AreWrittenByTheRules()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var collector = new MetricCollector(factory);
        var meter = factory.Create(ServiceTelemetry.MeterName);
        meter.CreateCounter<long>("9 odd.näme", "By", "a \\ and\na new line").Add(3, new("label.one", "a\"b\\c\nd"), new("1st", true));
        var both = meter.CreateCounter<double>("both.total", "ms");
        both.Add(1.5, new("a", 1), new("b", 2));
        both.Add(0.25, new("b", 2), new("a", 1));
        var upDown = meter.CreateUpDownCounter<int>("up.down");
        upDown.Add(5);
        upDown.Add(-7);
        meter.CreateGauge<float>("share", "1").Record(float.NegativeInfinity);
        meter.CreateGauge<double>("none").Record(double.NaN, new KeyValuePair<string, object?>("empty", null));
        meter.CreateHistogram<int>("usual").Record(11);
        meter.CreateHistogram("own", "s", "", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] }).Record(double.NaN);
        meter.CreateCounter<long>("never.used");

        var text = collector.Collect();

        var at = PrometheusReader.Read(text);
        Assert.Equal(3, at.Value("_9_odd_n_me_bytes_total", ("label_one", "a\"b\\c\nd"), ("_1st", "true")));
        Assert.Equal("a \\\\ and\\na new line", at.Families["_9_odd_n_me_bytes_total"].Help);
        Assert.Equal(1.75, at.Value("both_milliseconds_total", ("a", "1"), ("b", "2")));
        Assert.Equal(-2, at.Value("up_down"));
        Assert.Equal(double.NegativeInfinity, at.Value("share_ratio"));
        Assert.Equal(double.NaN, at.Value("none", ("empty", "")));
        Assert.Equal((0, 1, 11), (at.Value("usual_bucket", ("le", "10")), at.Value("usual_bucket", ("le", "25")), at.Value("usual_sum")));
        Assert.Equal((0, 0), (at.Value("own_seconds_count"), at.Value("own_seconds_sum")));
        Assert.DoesNotContain("never", text);
    }

    [Fact]
    public void Collector_ManyThreads_LoseNothing()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var collector = new MetricCollector(factory);
        var meter = factory.Create(ServiceTelemetry.MeterName);
        var counter = meter.CreateCounter<long>("hits");
        var histogram = meter.CreateHistogram<double>("times");

        Parallel.For(0, 4000, at =>
        {
            counter.Add(1, new KeyValuePair<string, object?>("part", at % 3));
            histogram.Record(at % 7);
            if (at % 1000 == 0) PrometheusReader.Read(collector.Collect());
        });

        var read = PrometheusReader.Read(collector.Collect());
        Assert.Equal(4000, Enumerable.Range(0, 3).Sum(part => read.Value("hits_total", ("part", $"{part}"))));
        Assert.Equal(4000, read.Value("times_count"));
        Assert.Equal(Enumerable.Range(0, 4000).Sum(at => at % 7), read.Value("times_sum"));
    }

    [Fact]
    public async Task Metrics_JobOfALostWorker_AreCountedByWhoFindsIt()
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-observe-").FullName;
        using var engine = new FakeEngine();
        await using (var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false, MaxAttempts = 1, ReapInterval = TimeSpan.FromMilliseconds(50) }, folder))
        {
            var id = await server.AcceptAsync();
            Assert.NotNull(await server.Store.ClaimAsync("gone", TimeSpan.FromMilliseconds(1)));

            await server.WaitAsync(id, "failed");

            var at = await ReadAsync(server);
            await ApiServer.UntilAsync(() => (at = ReadAsync(server).GetAwaiter().GetResult()).Value("videogen_lease_lost_total", ("reason", "reaped")) == 1);
            Assert.Equal(1, at.Value("videogen_jobs_total", Model, ("outcome", "failed")));
            Assert.Equal(JobState.Failed, (await server.Store.GetAsync(id, null))!.State);
        }
        Directory.Delete(folder, recursive: true);
    }

    // The page that explains every one of them.
    private static string Page([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "operations.md");

    private static async Task<PrometheusReader> ReadAsync(ApiServer server)
    {
        var reply = await server.GetAsync("/metrics");
        Assert.True(reply.Status == 200, reply.Text);
        return PrometheusReader.Read(reply.Text);
    }
}
