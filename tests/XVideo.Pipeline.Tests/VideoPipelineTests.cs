using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Tests.Parity;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using XVideo.Torch.Safetensors;
using XVideo.Video;

namespace XVideo.Pipeline.Tests;

/// <summary>The whole spine on the tiny golden model: real tokenizer, encoder, transformer, autoencoder and ffmpeg.</summary>
public sealed class VideoPipelineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-pipeline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Generate_SameRequestTwice_WritesTheSameBytes()
    {
        using var pipeline = Load();
        var first = pipeline.Generate(Request(pipeline, seed: 5), Path("a.mp4"), new OutputOptions());
        var second = pipeline.Generate(Request(pipeline, seed: 5), Path("b.mp4"), new OutputOptions());
        var other = pipeline.Generate(Request(pipeline, seed: 6), Path("c.mp4"), new OutputOptions());

        Assert.Equal(File.ReadAllBytes(first.OutputPath), File.ReadAllBytes(second.OutputPath));
        Assert.NotEqual(File.ReadAllBytes(first.OutputPath), File.ReadAllBytes(other.OutputPath));
    }

    [Fact]
    public void Generate_Mp4_HasTheAskedSizeAndItsOwnHistory()
    {
        using var pipeline = Load();
        var result = pipeline.Generate(Request(pipeline, seed: 9), Path("a.mp4"), new OutputOptions());

        var probe = VideoProbe.Read(result.OutputPath);
        var metadata = VideoMetadata.Read(result.OutputPath)!.Entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal((64, 48, 9), (probe.Width, probe.Height, (int)probe.FrameCount!));
        Assert.Equal("a red circle moves right", metadata["prompt"]);
        Assert.Equal("9", metadata["seed"]);
        Assert.Equal(pipeline.Model.Hash, metadata["modelHash"]);
        Assert.Equal(["encode prompt", "denoise", "decode"], result.Stages.Select(stage => stage.Stage));
        Assert.Equal(3 * 3 * 4, result.Attention.Tokens);
    }

    [Theory]
    [InlineData("xattention", 64)]
    [InlineData("xattention", 128)]
    [InlineData("oracle", 64)]
    public void Generate_SparseThatKeepsEverything_EqualsDense(string method, int blockSize)
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Width = 128, Height = 192, FrameCount = 25, Attention = new AttentionOptions { DenseWarmup = StepShare.OfSteps(1) } };
        pipeline.Generate(request, Path("dense"), new OutputOptions(VideoFormat.Png));
        var sparse = pipeline.Generate(request with { Attention = request.Attention with { Method = method, Threshold = 1, BlockSize = blockSize } }, Path("sparse"), new OutputOptions(VideoFormat.Png));

        Assert.Equal((1, 1), (sparse.Attention.SparseDensity, sparse.Attention.Density));
        // The order of additions may differ, and the picture by its rounding.
        Assert.InRange(VideoReader.ReadFrames(Path("dense")).Zip(VideoReader.ReadFrames(Path("sparse"))).Max(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b)).Max()), 0, 1);
    }

    [Fact]
    public void Generate_XAttention_ReportsEveryStepAndLayer()
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Width = 128, Height = 192, FrameCount = 25, Attention = new AttentionOptions { Method = "xattention", Density = 0.5, BlockSize = 64, DenseWarmup = StepShare.OfSteps(1) } };
        var report = pipeline.Generate(request, Path("a.mp4"), new OutputOptions()).Attention;

        Assert.Equal(7 * 12 * 8, report.Tokens);
        Assert.InRange(report.SparseDensity!.Value, 0.45, 0.55);
        Assert.Equal([(0, "warm-up"), (1, null), (2, null)], report.Entries.Select(entry => (entry.Step, entry.DenseReason)));
        Assert.InRange(report.Density, report.SparseDensity.Value, 1);
        var metadata = VideoMetadata.Read(Path("a.mp4"))!.Entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal(("xattention", report.Backend), (metadata["attention"], metadata["attentionBackend"]));
    }

    [Fact]
    public void Generate_BackendThatCannotDoIt_SaysSoBeforeTheWork()
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Attention = new AttentionOptions { Method = "xattention", Backend = "sdpa" } };
        var reports = new List<GenerationProgress>();
        var error = Assert.Throws<AttentionNotAvailableException>(() => pipeline.Generate(request, Path("a.mp4"), new OutputOptions(), new Callback(reports.Add)));

        Assert.Contains("sdpa", error.Message);
        Assert.Empty(reports);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void RecordMasks_MiddleStep_HasEveryLayerAndAPictureForEachLatentFrame()
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Width = 128, Height = 192, FrameCount = 25, Attention = new AttentionOptions { Method = "xattention", Threshold = 0.6, BlockSize = 64, DenseWarmup = StepShare.OfSteps(1) } };
        var recording = pipeline.RecordMasks(request, withRecall: true);

        Assert.Equal((2, 64, (7, 12, 8), 7), (recording.Step, recording.BlockSize, recording.Grid, recording.Pictures.Count));
        Assert.All(recording.Pictures, picture => Assert.Equal(128 * 192 * 3, picture.Length));
        Assert.Equal(Enumerable.Range(0, recording.Layers.Count), recording.Layers.Select(layer => layer.Layer));
        foreach (var layer in recording.Layers)
        {
            Assert.Equal((11, 11), (layer.QueryBlocks, layer.KeyBlocks));
            Assert.Equal((0, 10), (layer.BlockOf(0), layer.BlockOf(671)));
            for (var head = 0; head < layer.Heads; head++)
            {
                Assert.InRange(layer.Density(head), 1 / 11.0, 1);
                Assert.InRange(layer.Recall![head], 0.2, 1.0001);
            }
        }
    }

    [Fact]
    public void FindThresholds_WithASearch_LowersAsManyHeadsAsAskedAndSavesThem()
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Width = 128, Height = 192, FrameCount = 9, Steps = 2, Attention = new AttentionOptions { Method = "xattention", BlockSize = 64, DenseWarmup = StepShare.OfSteps(1) } };
        var plain = pipeline.FindThresholds([request], coverage: 0.9);
        var searched = pipeline.FindThresholds([request], coverage: 0.9, reductions: 2);
        searched.Save(Path("t.json"));

        Assert.Equal([0, 1, 2], searched.Steps.Select(step => step.Reductions));
        Assert.Equal(plain.Steps[0], searched.Steps[0]);
        var (before, after) = (plain.Layers.SelectMany(layer => layer).ToArray(), searched.Layers.SelectMany(layer => layer).ToArray());
        Assert.All(before, threshold => Assert.InRange(threshold, 0.3, 1));
        Assert.Equal(2, before.Zip(after).Count(pair => Math.Abs(pair.Second - (0.9 * pair.First)) < 1e-12));
        Assert.Equal(before.Length - 2, before.Zip(after).Count(pair => pair.Second == pair.First));
        var resolved = RequestValidator.Resolve(
            new VideoRequest { Prompt = "x", Attention = new AttentionRequest { Method = "xattention", Threshold = Path("t.json") } }, pipeline.Defaults, pipeline.Limits);
        Assert.Equal(searched.Layers, resolved.Attention.Thresholds!.Layers);
        Assert.Equal(64, resolved.Attention.BlockSize);
    }

    [Theory]
    [InlineData(0, "step 0 is not usable")]
    [InlineData(3, "Nearest: 2")]
    public void RecordMasks_DenseStep_NamesTheSparseOnes(int step, string sentence)
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Width = 128, Height = 192, FrameCount = 25, Attention = new AttentionOptions { Method = "window", DenseWarmup = StepShare.OfSteps(1) } };
        Assert.Contains(sentence, Assert.Throws<RequestValidationException>(() => pipeline.RecordMasks(request, step)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordMasks_TooFewTokens_SaysWhyThereIsNothingToShow()
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 5) with { Attention = new AttentionOptions { Method = "xattention" } };
        Assert.Contains("every call of this request is dense (few tokens)", Assert.Throws<RequestValidationException>(() => pipeline.RecordMasks(request)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("denoise", 1)]
    [InlineData("denoise", 3)]
    [InlineData("decode", 1)]
    public void Generate_Cancelled_StopsAtOnceAndLeavesNothing(string stage, int after)
    {
        using var pipeline = Load();
        using var cancellation = new CancellationTokenSource();
        var unitsAfterCancel = 0;
        var progress = new Callback(report =>
        {
            if (cancellation.IsCancellationRequested) unitsAfterCancel++;
            if (report.Stage == stage && report.Done == after) cancellation.Cancel();
        });

        Assert.ThrowsAny<OperationCanceledException>(
            () => pipeline.Generate(Request(pipeline, seed: 1), Path("a.mp4"), new OutputOptions(), progress, cancellation.Token));

        Assert.InRange(unitsAfterCancel, 0, 1);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Generate_Progress_CountsEveryUnitAndTimeLeftFalls()
    {
        using var pipeline = Load();
        var reports = new List<GenerationProgress>();
        pipeline.Generate(Request(pipeline, seed: 1), Path("a.mp4"), new OutputOptions(), new Callback(reports.Add));

        Assert.Equal([0, 1, 2, 3], reports.Where(report => report.Stage == "denoise").Select(report => report.Done));
        Assert.Equal([0, 1, 2, 3], reports.Where(report => report.Stage == "decode").Select(report => report.Done));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
    }

    [Fact]
    public void Generate_WithPreviews_WritesAPictureEveryFewSteps()
    {
        using var pipeline = Load();
        var request = Request(pipeline, seed: 1) with { PreviewEverySteps = 2 };
        pipeline.Generate(request, Path("a.mp4"), new OutputOptions(PreviewFolder: Path("previews")));

        Assert.Equal(["step-002.png"], Directory.GetFiles(Path("previews")).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void Generate_InTiles_IsFarCloserToWholeFramesThanAnotherSeedIs()
    {
        using var whole = Load();
        using var tiled = VideoPipeline.Load(new PipelineOptions(GoldenData.Folder("wan"), Device: "cpu", DType: "f32", VaeTile: 8));
        var request = Request(whole, seed: 3) with { Width = 128, Height = 96 };
        whole.Generate(request, Path("whole"), new OutputOptions(VideoFormat.Png));
        tiled.Generate(request, Path("tiled"), new OutputOptions(VideoFormat.Png));
        whole.Generate(request with { Seed = 4 }, Path("other"), new OutputOptions(VideoFormat.Png));

        double Difference(string name) => VideoReader.ReadFrames(Path("whole")).Zip(VideoReader.ReadFrames(Path(name)))
            .SelectMany(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b))).Average();
        Assert.InRange(Difference("tiled"), 0.01, Difference("other") / 3);
    }

    [Fact]
    public async Task Generate_TwoAtOnce_BothSucceed()
    {
        using var one = Load();
        using var two = Load();
        var results = await Task.WhenAll(
            Task.Run(() => one.Generate(Request(one, seed: 1), Path("a.mp4"), new OutputOptions())),
            Task.Run(() => two.Generate(Request(two, seed: 1), Path("b.mp4"), new OutputOptions())));

        Assert.Equal(File.ReadAllBytes(results[0].OutputPath), File.ReadAllBytes(results[1].OutputPath));
    }

    [Fact]
    public void Generate_WeightsNotFinite_SaysSoAndWritesNothing()
    {
        var model = CopyModel();
        var weights = System.IO.Path.Combine(model, "transformer", "diffusion_pytorch_model.safetensors");
        PoisonFirst(weights, "proj_out.weight");
        using var pipeline = VideoPipeline.Load(new PipelineOptions(model, Device: "cpu"));

        var error = Assert.Throws<InvalidOutputException>(() => pipeline.Generate(Request(pipeline, seed: 1), Path("a.mp4"), new OutputOptions()));

        Assert.Contains("not finite", error.Message);
        Assert.False(File.Exists(Path("a.mp4")));
    }

    [Fact]
    public void Load_PartsThatDoNotFitTogether_NamesBoth()
    {
        var model = CopyModel();
        var config = System.IO.Path.Combine(model, "transformer", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"text_dim\": 48", "\"text_dim\": 96"));

        var error = Assert.Throws<ModelFileException>(() => VideoPipeline.Load(new PipelineOptions(model, Device: "cpu")));

        Assert.Contains("takes text of width 96, the text encoder gives 48", error.Message);
    }

    private static VideoPipeline Load() => VideoPipeline.Load(new PipelineOptions(GoldenData.Folder("wan"), Device: "cpu", DType: "f32"));

    private static ResolvedRequest Request(VideoPipeline pipeline, long seed) => RequestValidator.Resolve(
        new VideoRequest { Prompt = "a red circle moves right", Width = 64, Height = 48, FrameCount = 9, Steps = 3, Seed = seed },
        pipeline.Defaults, pipeline.Limits);

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private string CopyModel()
    {
        var source = GoldenData.Folder("wan");
        var target = Path("model");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    private static void PoisonFirst(string path, string tensor)
    {
        long offset;
        using (var file = SafetensorsFile.Open(path)) offset = file.Entries[tensor].Offset;
        using var stream = File.OpenWrite(path);
        stream.Position = offset;
        stream.Write(BitConverter.GetBytes(float.NaN));
    }

    // Progress<T> reports on other threads, later; these tests need to see each report as it happens.
    private sealed class Callback(Action<GenerationProgress> report) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => report(value);
    }
}
