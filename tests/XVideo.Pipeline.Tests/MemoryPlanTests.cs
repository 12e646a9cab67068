using System.Diagnostics;
using System.Globalization;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Tests.Parity;
using XVideo.Pipeline.Vae;

namespace XVideo.Pipeline.Tests;

[CollectionDefinition(nameof(MemoryPlanTests), DisableParallelization = true)]
[Collection(nameof(MemoryPlanTests))]
public sealed class MemoryPlanTests : IDisposable
{
    private const long MiB = 1 << 20;

    private static readonly string Model = GoldenData.Folder("wan");

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Generate_RealRequest_PeakIsBelowThePrediction()
    {
        using var pipeline = Load();
        // The first run also pays for what libtorch and the runtime allocate once.
        pipeline.Generate(Request(pipeline, 64, 48, 5), Path.Combine(_folder, "small.mp4"), new OutputOptions());
        var request = Request(pipeline, 512, 384, 9);
        var predicted = Predict(request).PeakBytes;

        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Writing 5 to clear_refs sets the kernel's record of the largest resident size back to the present size.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Resident("VmRSS:");
        pipeline.Generate(request, Path.Combine(_folder, "large.mp4"), new OutputOptions());
        var grown = Resident("VmHWM:") - before;

        // The lower bound shows that the measure sees the work at all. On a busy machine garbage is collected late: 390 to 515 MB were seen where 509 are
        // predicted, hence a tenth more.
        Assert.InRange(grown, predicted / 4, predicted + (predicted / 10));
    }

    [Fact]
    public void Generate_FarTooLarge_RefusesBeforeAnyWork()
    {
        using var pipeline = Load();
        var request = Request(pipeline, 64, 48, 9) with { Width = 160_000, Height = 160_000 };
        var output = Path.Combine(_folder, "a.mp4");
        var reports = new Reports();
        var clock = Stopwatch.StartNew();

        var error = Assert.Throws<NotEnoughMemoryException>(() => pipeline.Generate(request, output, new OutputOptions(), reports));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"refused after {clock.Elapsed}");
        Assert.Equal(0, reports.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Equal(Predict(request).PeakBytes, error.PredictedBytes);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{error.PredictedBytes / (double)(1 << 30):0.0} GiB"), error.Message);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{error.AvailableBytes / (double)(1 << 30):0.0} GiB are available"), error.Message);
        Assert.Contains("--vae-tile", error.Message);
    }

    [Fact]
    public void Check_ModelAloneTooLarge_SaysThatNoSizeWillHelp()
    {
        using var pipeline = Load();
        var request = Request(pipeline, 64, 48, 9);

        var error = Assert.Throws<NotEnoughMemoryException>(() => Predict(request).Check(1 * MiB, "cpu", request));

        Assert.Contains("The model alone does not fit", error.Message);
    }

    [Fact]
    public void Predict_Weights_AreCountedInTheTypeTheyAreComputedIn()
    {
        using var pipeline = Load();
        var request = Request(pipeline, 64, 48, 9);

        var (wide, narrow) = (Predict(request, 4), Predict(request, 2));

        Assert.Equal(wide.WeightBytes, 2 * narrow.WeightBytes);
        // The golden files hold float32, and little beside it.
        var files = new[] { "transformer", "text_encoder", "vae" }.Sum(part => Directory.GetFiles(Path.Combine(Model, part), "*.safetensors").Sum(path => new FileInfo(path).Length));
        Assert.InRange(wide.WeightBytes, files * 0.9, files);
    }

    [Fact]
    public void Predict_Tiles_NeedLessAndNoLessThanTheCaches()
    {
        using var pipeline = Load();
        var request = Request(pipeline, 512, 384, 9);

        var (whole, tiled, larger) = (Predict(request).DecodeBytes, Predict(request, vaeTile: 16).DecodeBytes, Predict(request, vaeTile: 64).DecodeBytes);

        Assert.InRange(tiled, whole / 4, whole * 3 / 4);
        Assert.Equal(whole, larger);
    }

    private static MemoryPlan Predict(ResolvedRequest request, int elementBytes = 4, int? vaeTile = null) => MemoryPlan.Predict(
        Model, WanTransformerConfig.Read(Path.Combine(Model, "transformer", "config.json")), WanVaeConfig.Load(Path.Combine(Model, "vae", "config.json")),
        request, elementBytes, elementBytes, vaeTile);

    private static VideoPipeline Load() => VideoPipeline.Load(new PipelineOptions(Model, Device: "cpu", DType: "f32"));

    private static ResolvedRequest Request(VideoPipeline pipeline, int width, int height, int frames) => RequestValidator.Resolve(
        new VideoRequest { Prompt = "a red circle", Width = width, Height = height, FrameCount = frames, Steps = 1, Seed = 1 }, pipeline.Defaults, pipeline.Limits);

    private static long Resident(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private sealed class Reports : IProgress<GenerationProgress>
    {
        public int Count { get; private set; }

        public void Report(GenerationProgress value) => Count++;
    }
}
