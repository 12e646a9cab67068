using XVideo.Pipeline.Requests;
using XVideo.Tokenizers;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using XVideo.Video;

namespace XVideo.Pipeline.Tests.Requests;

public sealed class FailureTests
{
    public static TheoryData<Exception, FailureKind> Cases { get; } = new()
    {
        { new RequestValidationException([new RequestProblem("width", "1", "no", [], "")]), FailureKind.Request },
        { new VideoOutputException(VideoOutputProblem.Exists, "x", "x exists"), FailureKind.Request },
        { new VideoOutputException(VideoOutputProblem.WrongKind, "x", "x is a folder"), FailureKind.Request },
        { new VideoOutputException(VideoOutputProblem.InvalidPath, "x", "no path"), FailureKind.Request },
        { new VideoOutputException(VideoOutputProblem.FolderMissing, "x", "no folder"), FailureKind.Environment },
        { new VideoOutputException(VideoOutputProblem.NotWritable, "x", "read-only"), FailureKind.Environment },
        { new VideoOutputException(VideoOutputProblem.DiskFull, "x", "disk full"), FailureKind.Environment },
        { new VideoFileException("x", "not a video"), FailureKind.Request },
        { new ModelFileException("x", "damaged"), FailureKind.ModelFiles },
        { new TokenizerException("x", "damaged"), FailureKind.ModelFiles },
        { new InvalidOutputException("not finite"), FailureKind.ModelFiles },
        { new LibtorchException("none"), FailureKind.Environment },
        { new FfmpegException("none"), FailureKind.Environment },
        { new NotEnoughMemoryException(2L << 30, 1L << 30, "Less."), FailureKind.Environment },
        { new DeviceNotAvailableException("cuda:7", "There are 2."), FailureKind.Environment },
        { new TorchException("aten::empty", "", "DefaultCPUAllocator: can't allocate memory"), FailureKind.Environment },
        { new IOException("disk on fire"), FailureKind.Environment },
        { new OperationCanceledException(), FailureKind.Cancelled },
        { new AggregateException(new OperationCanceledException()), FailureKind.Cancelled },
        { new TorchException("aten::matmul", "[2], [3]", "sizes differ"), FailureKind.Unexpected },
        { new InvalidOperationException("a mistake"), FailureKind.Unexpected },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void From_Exception_SaysWhoseFaultItIs(Exception exception, FailureKind kind) => Assert.Equal(kind, Failure.From(exception).Kind);

    [Fact]
    public void NotEnoughMemory_Message_HasPredictedAndAvailable() =>
        Assert.Equal("This request needs about 2.5 GiB of memory; 1.0 GiB are available. Set fewer --frames.", new NotEnoughMemoryException((5L << 30) / 2, 1L << 30, "Set fewer --frames.").Message);

    [Fact]
    public void Metadata_OfARequest_HasPromptSeedSettingsHashAndVersion()
    {
        var request = new ResolvedRequest("ein \"großer\" Ball 🎈", "", 256, 192, 41, 16, 20, 4, 3, "unipc", RequestRules.MaximumSeed, "dense", null);
        var entries = RequestMetadata.Create(request, new ModelDescription("default", "/models/default", "WanPipeline", "0123456789abcdef"), "1.2.3").Entries.ToDictionary();
        Assert.Equal(("ein \"großer\" Ball 🎈", "9007199254740991", "0123456789abcdef", "XVideo 1.2.3", "41"), (entries["prompt"], entries["seed"], entries["modelHash"], entries["generator"], entries["frames"]));
        Assert.DoesNotContain("/models", string.Concat(entries.Values), StringComparison.Ordinal);
    }

    [Fact]
    public void ResultJson_Always_HasTimesInSecondsAndReadableText()
    {
        var result = new VideoResult
        {
            OutputPath = "/x/großer-ball.mp4",
            Settings = new ResolvedRequest("ein großer Ball", "", 256, 192, 41, 16, 20, 4, 3, "unipc", 42, "dense", null),
            Model = new ModelDescription("default", "/models/default", "WanPipeline", "0123456789abcdef"),
            Device = "cpu",
            DType = "f32",
            Threads = 2,
            LibtorchVersion = "1.13.0",
            Version = "1.2.3",
            Stages = [new StageTime("denoise", TimeSpan.FromMilliseconds(1500))],
            TotalTime = TimeSpan.FromSeconds(2),
            PeakMemoryInBytes = 5_000_000_000,
            Attention = new AttentionReport("dense", "libtorch", 1, 2112),
        };
        using var json = System.Text.Json.JsonDocument.Parse(result.ToJson());
        Assert.Equal(1.5, json.RootElement.GetProperty("stages")[0].GetProperty("duration").GetDouble());
        Assert.Equal(42, json.RootElement.GetProperty("settings").GetProperty("seed").GetInt64());
        Assert.Equal("0123456789abcdef", json.RootElement.GetProperty("model").GetProperty("hash").GetString());
        Assert.Contains("großer", result.ToJson(), StringComparison.Ordinal);
    }
}
