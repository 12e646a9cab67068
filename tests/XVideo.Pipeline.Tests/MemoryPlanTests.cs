using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Tests.Parity;

namespace XVideo.Pipeline.Tests;

[CollectionDefinition(nameof(MemoryPlanTests), DisableParallelization = true)]
[Collection(nameof(MemoryPlanTests))]
public sealed class MemoryPlanTests : IDisposable
{
    private const long MiB = 1 << 20;

    private static readonly ModelFolder Model = ModelFolder.Open(GoldenData.Folder("wan"));
    private static readonly MemoryForecast Forecast = MemoryForecast.Open(Model);

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Generate_RealRequest_PeakIsBelowThePrediction()
    {
        using var pipeline = Load();
        // The first run also pays for what libtorch and the runtime allocate once.
        pipeline.Generate(Request(64, 48, 5), Path.Combine(_folder, "small.mp4"), new OutputOptions());
        var request = Request(512, 384, 9);
        var plan = Predict(request);
        var predicted = plan.PeakBytes - plan.ProgramBytes;

        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Writing 5 to clear_refs sets the kernel's record of the largest resident size back to the present size.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Resident("VmRSS:");
        pipeline.Generate(request, Path.Combine(_folder, "large.mp4"), new OutputOptions());
        var grown = Resident("VmHWM:") - before;

        // The lower bound shows that the measure sees the work at all. On a busy machine garbage is collected late, hence a tenth more.
        Assert.InRange(grown, predicted / 4, predicted + (predicted / 10));
    }

    [Fact]
    public void Generate_FarTooLarge_RefusesBeforeAnyWork()
    {
        using var pipeline = Load();
        var request = Request(64, 48, 9) with { Width = 160_000, Height = 160_000 };
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
        Assert.Matches(@"What fits: (\d+)x\1 with 9 frames\.", error.Message);
        Assert.DoesNotContain("--vae-tile", error.Message);
    }

    [Fact]
    public void Check_WouldFitInTiles_NamesTheLargest()
    {
        var request = Request(960, 960, 9);
        var tiled = Predict(request, vaeTile: 32).PeakBytes;
        Assert.True(tiled < Predict(request, vaeTile: 64).PeakBytes);

        var shortage = Forecast.Check(request, Capacity(tiled))!;

        Assert.Equal(32, shortage.FittingTile);
        Assert.EndsWith(" Or decode it in tiles: --vae-tile 32.", new NotEnoughMemoryException(shortage).Message);
        Assert.Null(Forecast.Check(request, Capacity(tiled - 1, vaeTile: 32))!.FittingTile);
    }

    [Fact]
    public void Check_ModelAloneTooLarge_SaysThatNoSizeWillHelp()
    {
        var shortage = Forecast.Check(Request(64, 48, 9), Capacity(1 * MiB))!;

        Assert.Equal((null, null), (shortage.LargestSize, shortage.LargestFrameCount));
        Assert.Contains("The model alone does not fit", shortage.WhatFits);
        Assert.DoesNotContain("--vae-tile", new NotEnoughMemoryException(shortage).Message);
    }

    [Fact]
    public void Check_LongClip_SaysHowManyFramesFit()
    {
        // Beyond what this model has positions for; memory knows nothing of that.
        var request = Request(64, 48, 9) with { FrameCount = 3201 };
        var shortage = Forecast.Check(request, Capacity(Predict(request).PeakBytes - 1))!;

        Assert.Equal(request.FrameCount - 4, shortage.LargestFrameCount);
        Assert.EndsWith($", or 64x48 with {request.FrameCount - 4} frames.", shortage.WhatFits);
        Assert.Null(Forecast.Check(request, Capacity(Predict(request).PeakBytes)));
    }

    [Fact]
    public void Check_AnyRequestAndMemory_SuggestsTheLargestThatFits()
    {
        var sizes = Gen.Choose(1, 40).Two().Zip(Gen.Choose(0, 60));
        var rest = Gen.Choose(0, 4).Zip(Gen.Choose(100, 700)).Zip(Gen.Elements(2, 4));
        Prop.ForAll(Arb.From(sizes.Zip(rest)), dice =>
        {
            var (((columns, rows), latents), ((method, megabytes), bytes)) = dice;
            var request = Request(64, 48, 9) with
            {
                Width = columns * 16, Height = rows * 16, FrameCount = (latents * 4) + 1,
                Attention = new() { Method = RequestRules.Attentions[method], Density = 0.5, BlockSize = 64 },
            };
            var capacity = Capacity(megabytes * MiB, bytes);
            if (Forecast.Check(request, capacity) is not { } shortage) return true;
            var unit = 16;
            var (longer, shorter) = (Math.Max(columns, rows), Math.Min(columns, rows));
            var steps = shortage.LargestSize is { } size ? Math.Max(size.Width, size.Height) / unit : 0;
            var frames = shortage.LargestFrameCount ?? -3;
            return (shortage.LargestSize is not { } best || (Fits(request with { Width = best.Width, Height = best.Height }) && best.Width % unit == 0 && best.Height % unit == 0 && Math.Abs(((double)best.Width / best.Height) - ((double)columns / rows)) <= (double)columns / rows))
                && (steps + 1 >= longer || !Fits(Sized(steps + 1)))
                && (frames < 1 || Fits(request with { FrameCount = frames }))
                && (frames + 4 >= request.FrameCount || !Fits(request with { FrameCount = frames + 4 }));

            bool Fits(ResolvedRequest other) => Forecast.Check(other, capacity) is null;

            ResolvedRequest Sized(int step)
            {
                var other = Math.Max(1, (int)Math.Round((double)step * shorter / longer)) * unit;
                return columns >= rows ? request with { Width = step * unit, Height = other } : request with { Width = other, Height = step * unit };
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Predict_Weights_AreCountedInTheTypeTheyAreComputedIn()
    {
        var request = Request(64, 48, 9);

        var (wide, narrow) = (Predict(request, 4), Predict(request, 2));

        Assert.Equal(wide.WeightBytes, 2 * narrow.WeightBytes);
        // The golden files hold float32, and little beside it.
        var files = new[] { "transformer", "text_encoder", "vae" }.Sum(part => Directory.GetFiles(Path.Combine(Model.Path, part), "*.safetensors").Sum(path => new FileInfo(path).Length));
        Assert.InRange(wide.WeightBytes, files * 0.9, files);
    }

    // Measured on an H100 (docs/performance.md).
    [Theory]
    [InlineData(256, 192, 41, 2, 159)]
    [InlineData(832, 480, 33, 2, 891)]
    [InlineData(832, 480, 33, 4, 1684)]
    [InlineData(1280, 720, 17, 2, 1962)]
    public void Predict_DefaultModelOnAGpu_IsNearWhatItTook(int width, int height, int frames, int elementBytes, int megabytes)
    {
        var model = ModelFolder.Open(Path.Combine(GoldenData.Root, "..", "..", "weights", "default"));
        var request = RequestValidator.Resolve(new VideoRequest { Prompt = "a red ball", Width = width, Height = height, FrameCount = frames }, model.Defaults, model.Limits);

        var plan = MemoryForecast.Open(model).Predict(request, new DeviceCapacity("cuda:0", long.MaxValue, elementBytes, elementBytes));

        Assert.InRange(plan.PeakBytes, 0.95 * megabytes * MiB, 1.1 * megabytes * MiB);
    }

    [Fact]
    public void Predict_Tiles_NeedLess()
    {
        var request = Request(512, 384, 9);

        var (whole, tiled, larger) = (Predict(request).DecodeBytes, Predict(request, vaeTile: 16).DecodeBytes, Predict(request, vaeTile: 64).DecodeBytes);

        Assert.InRange(tiled, whole / 4, whole * 4 / 5);
        Assert.Equal(whole, larger);
    }

    [Fact]
    public void Predict_SparseAttention_CountsTheListsOfBlocks()
    {
        var dense = Request(640, 480, 81);
        var sparse = dense with { Attention = new() { Method = "xattention", BlockSize = 64 } };
        var kept = dense with { Attention = new() { Method = "xattention", BlockSize = 64, RefreshInterval = 4 } };

        // 21 · 40 · 30 tokens are 394 blocks, and the golden model has 3 layers with 2 heads.
        long pairs = 2 * 394 * 394, lists = 2 * 3;
        Assert.Equal(64 * pairs, Predict(sparse).DenoiseBytes - Predict(dense).DenoiseBytes, 1.0);
        Assert.Equal((60 + (4 * lists)) * pairs, Predict(kept).DenoiseBytes - Predict(dense).DenoiseBytes, 1.0);
        Assert.True(Predict(dense with { Attention = new() { Method = "oracle", BlockSize = 64 } }).DenoiseBytes > Predict(sparse).DenoiseBytes);
    }

    private static MemoryPlan Predict(ResolvedRequest request, int elementBytes = 4, int? vaeTile = null) => Forecast.Predict(request, Capacity(long.MaxValue, elementBytes, vaeTile));

    private static DeviceCapacity Capacity(long bytes, int elementBytes = 4, int? vaeTile = null) => new(DeviceCapacity.Cpu, bytes, elementBytes, elementBytes, vaeTile);

    private static VideoPipeline Load() => VideoPipeline.Load(new PipelineOptions(Model.Path, Device: "cpu", DType: "f32"));

    private static ResolvedRequest Request(int width, int height, int frames) => RequestValidator.Resolve(
        new VideoRequest { Prompt = "a red circle", Width = width, Height = height, FrameCount = frames, Steps = 1, Seed = 1 }, Model.Defaults, Model.Limits);

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
