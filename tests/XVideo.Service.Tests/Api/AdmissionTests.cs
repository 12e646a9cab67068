using System.Runtime.CompilerServices;
using System.Text.Json;
using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;
using XVideo.Service.Api.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Store;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

/// <summary>What does not fit is refused before it waits, and what fits never is.</summary>
public class AdmissionTests
{
    private static readonly ModelFolder Tiny = ModelFolder.Open(TinyModel());
    private static readonly MemoryForecast Forecast = MemoryForecast.Open(Tiny);

    [StoreFact]
    public async Task Create_LargerThanTheWorkersMemory_IsRefusedWithWhatWouldFit()
    {
        using var engine = new SizedEngine(Capacity(Need(640, 480, 81)));
        await using var server = await ApiServer.StartAsync(engine);
        await LoadedAsync(server);

        var refused = await server.CreateAsync(new { prompt = "a", size = "1280x960", num_frames = 81 });

        refused.AssertError(400, "invalid_value", "size");
        Assert.Contains("1280x960 with 81 frames", refused.Text);
        Assert.Contains("What fits: 640x480 with 81 frames", refused.Text);
        Assert.DoesNotContain("--", refused.Text);
        Assert.Empty(engine.Inner.Begun);
        await server.WaitAsync((await server.CreateAsync(new { prompt = "a", size = "640x480", num_frames = 81 })).Json.GetProperty("id").GetString()!, "completed");
    }

    [StoreTheory]
    [InlineData(true, 17, "size")]
    [InlineData(true, null, "size")]
    [InlineData(false, 17, "seconds")]
    [InlineData(false, null, "size")]
    public void Refusal_NamesTheFieldThatHelps(bool hasSize, int? frames, string param)
    {
        // A client that said seconds, and left the size to the model.
        var asked = new CreateRequest(new VideoRequest { Prompt = "a" }, field => field == "frames" ? "seconds" : field);
        var shortage = new MemoryShortage(Request(640, 480), Capacity(3L << 30), new MemoryPlan(0, 1L << 30, 4L << 30, 2L << 30), hasSize ? (320, 240) : null, frames);

        var error = RequestResolver.Explain(asked, shortage);

        Assert.Equal((400, "invalid_value", param), (error.Status, error.Code, error.Param));
        Assert.StartsWith($"{param} 640x480 with 81 frames is not usable: it needs about 5.0 GiB of memory, and this server has 3.0 GiB. ", error.Message);
        Assert.EndsWith(
            (hasSize, frames) switch
            {
                (true, not null) => "What fits: 320x240 with 81 frames, or 640x480 with 17 frames.",
                (true, null) => "What fits: 320x240 with 81 frames.",
                (false, not null) => "What fits: 640x480 with 17 frames.",
                _ => "No size fits with 81 frames, and no number of frames in this size.",
            },
            error.Message);
    }

    [StoreFact]
    public async Task Create_NoWorkerKnown_IsAccepted()
    {
        using var engine = new SizedEngine(null);
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });

        Assert.Equal(200, (await server.CreateAsync(new { prompt = "a", size = "2048x2048", num_frames = 81 })).Status);
    }

    [StoreFact]
    public async Task Admission_WorkerThatHasJustLoaded_CountsAtOnce()
    {
        using var engine = new SizedEngine(null);
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var worker = new WorkerInfo("worker", "a", "boot", 1, "cpu", "1");
        object request = new { prompt = "a", size = "640x480", num_frames = 81 };
        Assert.Equal(200, (await server.CreateAsync(request)).Status);
        await server.Store.RegisterWorkerAsync(worker);
        Assert.Equal(200, (await server.CreateAsync(request)).Status);

        await server.Store.RegisterWorkerAsync(worker with { Capacity = Capacity(Need(320, 240, 81)) });

        Assert.Equal(400, (await server.CreateAsync(request)).Status);
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_SeveralWorkers_FitsWhereTheLargestHasRoomOrNobodyKnows(bool isKnown)
    {
        using var engine = new SizedEngine(null);
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var small = new WorkerInfo("small", "a", "boot", 1, "cuda:0", "1") { Capacity = Capacity(Need(320, 240, 81)) };
        await server.Store.RegisterWorkerAsync(small);
        await server.Store.RegisterWorkerAsync(small with { WorkerId = "large", Capacity = isKnown ? Capacity(Need(640, 480, 81)) : null });

        Assert.Equal(200, (await server.CreateAsync(new { prompt = "a", size = "640x480", num_frames = 81 })).Status);
        var larger = await server.CreateAsync(new { prompt = "a", size = "656x480", num_frames = 81 });
        Assert.Equal(isKnown ? 400 : 200, larger.Status);
    }

    [StoreFact]
    public async Task Admission_WorkerThatIsGone_CountsForTenMinutesMore()
    {
        using var engine = new SizedEngine(null);
        await using var server = await ApiServer.StartAsync(engine, options => options with { RunsWorker = false });
        var time = new ShiftedTime();
        var admission = new Admission(server.Store, engine.Model, time);
        var (small, large) = (Request(320, 240), Request(640, 480));
        await RegisterAsync("small", small);
        await RegisterAsync("large", large);
        Assert.Null(await admission.CheckAsync(large, default));

        await server.Store.RemoveWorkerAsync("large");
        time.Shift += TimeSpan.FromMinutes(9);
        await RegisterAsync("small", small);
        Assert.Null(await admission.CheckAsync(large, default));
        time.Shift += TimeSpan.FromMinutes(2);

        Assert.NotNull(await admission.CheckAsync(large, default));
        Assert.Null(await admission.CheckAsync(small, default));
        // One that has been silent for as long is gone as well, and then nobody knows.
        time.Shift += TimeSpan.FromMinutes(11);
        Assert.Null(await admission.CheckAsync(large, default));

        Task RegisterAsync(string id, ResolvedRequest most) =>
            server.Store.RegisterWorkerAsync(new WorkerInfo(id, "a", "boot", 1, "cpu", "1") { Capacity = Capacity(Need(most.Width, most.Height, most.FrameCount)) });
    }

    private static long Need(int width, int height, int frames) => Forecast.Predict(Request(width, height) with { FrameCount = frames }, Capacity(long.MaxValue)).PeakBytes;

    private static DeviceCapacity Capacity(long bytes) => new(DeviceCapacity.Cpu, bytes, 4, 4);

    private static ResolvedRequest Request(int width, int height) =>
        RequestValidator.Resolve(new VideoRequest { Prompt = "a", Width = width, Height = height, FrameCount = 81, Attention = new() { Method = "dense" } }, ModelDefaults.Wan, ModelLimits.Wan);

    // Until the worker has said what it has, nothing is refused.
    private static async Task LoadedAsync(ApiServer server)
    {
        for (var at = 0; !(await server.Store.ListWorkersAsync()).Any(worker => worker.Capacity is not null); at++)
        {
            Assert.True(at < 1000, "The worker does not say what it has.");
            await Task.Delay(20);
        }
    }

    private static string TinyModel([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "Goldens", "wan"));

    /// <summary>The fake engine as if it ran the tiny model on a machine of some size.</summary>
    private sealed class SizedEngine(DeviceCapacity? capacity) : IVideoEngine
    {
        public FakeEngine Inner { get; } = new();

        public ServedModel Model => Inner.Model with { Memory = Forecast };

        public DeviceCapacity? Capacity => capacity;

        public void Load() => Inner.Load();

        public EngineResult Generate(EngineJob job, IProgress<GenerationProgress> progress, CancellationToken cancellation) => Inner.Generate(job, progress, cancellation);

        public void Dispose() => Inner.Dispose();
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
    }
}
