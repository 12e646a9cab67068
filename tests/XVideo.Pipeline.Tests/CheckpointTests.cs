using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Tests.Parity;
using XVideo.SparseAttention.Schedule;
using XVideo.Video;

namespace XVideo.Pipeline.Tests;

/// <summary>Runs that end early and are gone on with, on the tiny golden model.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Steps = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("unipc", "denoise", 1)]
    [InlineData("unipc", "denoise", 3)]
    [InlineData("dpm++", "denoise", 2)]
    [InlineData("euler", "denoise", 4)]
    [InlineData("unipc", "decode", 1)]
    public void Generate_CancelledAndGoneOnWith_WritesTheBytesOfAnUninterruptedRun(string scheduler, string stage, int after)
    {
        var whole = Make(Request() with { Scheduler = scheduler }, "whole.mp4", new OutputOptions());

        StopAfter(stage, after, Request() with { Scheduler = scheduler });
        var resumed = Make(Request() with { Scheduler = scheduler }, "resumed.mp4", Checkpointed());

        Assert.Equal((0, stage == "denoise" ? after : Steps), (whole.ResumedAtStep, resumed.ResumedAtStep));
        Assert.Equal(File.ReadAllBytes(whole.OutputPath), File.ReadAllBytes(resumed.OutputPath));
        Assert.False(File.Exists(CheckpointPath));
    }

    [Fact]
    public void Generate_SparseAttention_GoesOnToTheSameFrames()
    {
        var request = Request() with { Width = 128, Height = 192, FrameCount = 25 };
        request = request with { Attention = request.Attention with { Method = "xattention", Threshold = 0.5, BlockSize = 64, DenseWarmup = StepShare.OfSteps(1) } };
        var whole = Make(request, "whole.mp4", new OutputOptions());

        StopAfter("denoise", 3, request);

        var resumed = Make(request, "resumed.mp4", Checkpointed());
        Assert.Equal(3, resumed.ResumedAtStep);
        Assert.Equal(VideoReader.ReadFrames(whole.OutputPath), VideoReader.ReadFrames(resumed.OutputPath));
    }

    /// <summary>A process that is killed writes nothing any more: the file is there after every step.</summary>
    [Fact]
    public void Generate_ProcessEndsInAStep_TheLastOneIsKept()
    {
        using var pipeline = Load();
        var output = Checkpointed() with { CheckpointEvery = TimeSpan.Zero };
        var progress = new Callback(report => { if (report is { Stage: "denoise", Done: 2 }) throw new InvalidOperationException("killed"); });
        Assert.Throws<InvalidOperationException>(() => pipeline.Generate(Request(), Path("killed.mp4"), output, progress));

        Assert.Equal(2, Make(Request(), "resumed.mp4", output).ResumedAtStep);
    }

    [Fact]
    public void Generate_CheckpointOfAnotherRequest_BeginsAtTheFirstStep()
    {
        StopAfter("denoise", 2, Request());

        Assert.Equal(0, Make(Request() with { Seed = 8 }, "other.mp4", Checkpointed()).ResumedAtStep);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public void Generate_DamagedCheckpoint_BeginsAtTheFirstStep(double where)
    {
        var whole = Make(Request(), "whole.mp4", new OutputOptions());
        StopAfter("denoise", 2, Request());
        var bytes = File.ReadAllBytes(CheckpointPath);
        bytes[(int)(where * bytes.Length)] ^= 0x40;
        File.WriteAllBytes(CheckpointPath, bytes);

        var made = Make(Request(), "again.mp4", Checkpointed());

        Assert.Equal(0, made.ResumedAtStep);
        Assert.Equal(File.ReadAllBytes(whole.OutputPath), File.ReadAllBytes(made.OutputPath));
    }

    [Fact]
    public void Generate_CheckpointInAMissingFolder_SaysSo()
    {
        var error = Assert.Throws<VideoOutputException>(() => Make(Request(), "a.mp4", new OutputOptions { CheckpointPath = Path("missing/a.checkpoint"), CheckpointEvery = TimeSpan.Zero }));

        Assert.Contains("missing/a.checkpoint", error.Message);
        Assert.False(File.Exists(Path("a.mp4")));
    }

    private void StopAfter(string stage, int done, ResolvedRequest request)
    {
        using var pipeline = Load();
        using var cancellation = new CancellationTokenSource();
        var progress = new Callback(report => { if (report.Stage == stage && report.Done == done) cancellation.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => pipeline.Generate(request, Path("stopped.mp4"), Checkpointed(), progress, cancellation.Token));
        Assert.True(File.Exists(CheckpointPath));
    }

    // A pipeline of its own, as another process would have.
    private VideoResult Make(ResolvedRequest request, string name, OutputOptions output)
    {
        using var pipeline = Load();
        return pipeline.Generate(request, Path(name), output);
    }

    private string CheckpointPath => Path("run.checkpoint");

    private OutputOptions Checkpointed() => new() { CheckpointPath = CheckpointPath };

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static VideoPipeline Load() => VideoPipeline.Load(new PipelineOptions(GoldenData.Folder("wan"), Device: "cpu", DType: "f32"));

    private static ResolvedRequest Request()
    {
        using var pipeline = Load();
        return RequestValidator.Resolve(
            new VideoRequest { Prompt = "a red circle moves right", Width = 64, Height = 48, FrameCount = 9, Steps = Steps, Seed = 7 }, pipeline.Defaults, pipeline.Limits);
    }

    private sealed class Callback(Action<GenerationProgress> report) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => report(value);
    }
}
