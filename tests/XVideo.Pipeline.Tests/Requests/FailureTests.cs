using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
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
        { new AttentionNotAvailableException("sm90", "It needs a GPU."), FailureKind.Environment },
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
        var request = new ResolvedRequest("ein \"großer\" Ball 🎈", "", 256, 192, 41, 16, 20, 4, 3, "unipc", RequestRules.MaximumSeed, new AttentionOptions(), null);
        var entries = RequestMetadata.Create(request, new ModelDescription("default", "/models/default", "WanPipeline", "0123456789abcdef"), "1.2.3").Entries.ToDictionary();
        Assert.Equal(("ein \"großer\" Ball 🎈", "9007199254740991", "0123456789abcdef", "XVideo 1.2.3", "41"), (entries["prompt"], entries["seed"], entries["modelHash"], entries["generator"], entries["frames"]));
        Assert.DoesNotContain("/models", string.Concat(entries.Values), StringComparison.Ordinal);
        Assert.False(entries.ContainsKey("preset"));
        Assert.Contains("\"preset\":\"large\"", RequestMetadata.Create(request with { Preset = "large" }, new ModelDescription("default", "/models/default", "WanPipeline", "0"), "1.2.3").Json, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultJson_Always_HasTimesInSecondsAndReadableText()
    {
        var result = new VideoResult
        {
            OutputPath = "/x/großer-ball.mp4",
            Settings = new ResolvedRequest("ein großer Ball", "", 256, 192, 41, 16, 20, 4, 3, "unipc", 42, new AttentionOptions { Method = "xattention" }, null),
            Model = new ModelDescription("default", "/models/default", "WanPipeline", "0123456789abcdef"),
            Device = "cpu",
            DType = "f32",
            Threads = 2,
            LibtorchVersion = "1.13.0",
            Version = "1.2.3",
            Stages = [new StageTime("denoise", TimeSpan.FromMilliseconds(1500))],
            TotalTime = TimeSpan.FromSeconds(2),
            PeakMemoryInBytes = 5_000_000_000,
            Attention = new AttentionReport(
                "attention xattention τ 0.9", "xattention", "cpu", 2112, 128, 0.4, 0.35, TimeSpan.FromSeconds(0.25), null,
                [new AttentionReportEntry(3, 0, 6, "cpu", 0.35, TimeSpan.FromSeconds(0.25), null, null), new AttentionReportEntry(4, 0, 6, "cpu", 1, null, null, "warm-up")]),
        };
        using var json = System.Text.Json.JsonDocument.Parse(result.ToJson());
        Assert.Equal(1.5, json.RootElement.GetProperty("stages")[0].GetProperty("duration").GetDouble());
        Assert.Equal(42, json.RootElement.GetProperty("settings").GetProperty("seed").GetInt64());
        Assert.Equal("0123456789abcdef", json.RootElement.GetProperty("model").GetProperty("hash").GetString());
        Assert.Contains("großer", result.ToJson(), StringComparison.Ordinal);

        var options = json.RootElement.GetProperty("settings").GetProperty("attention");
        Assert.Equal(("xattention", 0.9, "20%"), (options.GetProperty("method").GetString(), options.GetProperty("threshold").GetDouble(), options.GetProperty("denseWarmup").GetString()));
        Assert.False(options.TryGetProperty("window", out _));
        var attention = json.RootElement.GetProperty("attention");
        Assert.Equal((0.4, 0.25), (attention.GetProperty("density").GetDouble(), attention.GetProperty("selectionTime").GetDouble()));
        Assert.Equal("warm-up", attention.GetProperty("entries")[1].GetProperty("denseReason").GetString());
    }

    [Fact]
    public void Metadata_OfSparseAttention_HasSettingsBackendAndDensityButNoTimes()
    {
        var request = new ResolvedRequest("x", "", 256, 192, 41, 16, 20, 4, 3, "unipc", 1, new AttentionOptions { Method = "xattention", Density = 0.25 }, null);
        var report = new AttentionReport("", "xattention", "cpu", 2112, 128, 0.40004, 0.25, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), []);
        var entries = RequestMetadata.Create(request, new ModelDescription("default", "/models/default", "WanPipeline", "0"), "1.2.3", report).Entries.ToDictionary();
        Assert.Equal(("xattention", "cpu", "0.4"), (entries["attention"], entries["attentionBackend"], entries["attentionDensity"]));
        Assert.Contains("\"density\":0.25", entries["attentionSettings"], StringComparison.Ordinal);
        Assert.DoesNotContain("threshold", entries["attentionSettings"], StringComparison.Ordinal);
        Assert.DoesNotContain(entries.Keys, name => name.Contains("Time", StringComparison.Ordinal));
    }
}
