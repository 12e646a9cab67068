using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;

namespace XVideo.Pipeline.Tests.Requests;

public sealed class AttentionResolverTests
{
    private static readonly ModelLimits Limits = ModelLimits.Wan with { LayerCount = 30, HeadCount = 12 };

    [Fact]
    public void Resolve_NothingSaid_IsTheDefaultMethod() =>
        Assert.Equal(new AttentionOptions { Method = AttentionOptions.DefaultMethod }, Resolve(null).Options);

    [Fact]
    public void Resolve_EverythingSaid_KeepsIt()
    {
        var request = new AttentionRequest
        {
            Method = "xattention", Backend = "cpu", BlockSize = 64, Stride = 16, Threshold = "0.75", MinBlocks = 2, MaxBlocks = 9, KeepsFirstBlock = true,
            DenseWarmup = "5", DenseFirstLayers = 1, DenseLastLayers = 2, MaskRefresh = 3,
        };
        var expected = new AttentionOptions
        {
            Method = "xattention", Backend = "cpu", BlockSize = 64, Stride = 16, Threshold = 0.75, MinBlocks = 2, MaxBlocks = 9, KeepsFirstBlock = true,
            DenseWarmup = StepShare.OfSteps(5), DenseFirstLayers = 1, DenseLastLayers = 2, RefreshInterval = 3,
        };
        Assert.Equal(expected, Resolve(request).Options);
        Assert.Empty(Resolve(request).Problems);
        Assert.Equal(new TokenWindow(1, 0, 16), Resolve(new AttentionRequest { Method = "window", Window = "1, 0, 16" }).Options.Window);
    }

    [Fact]
    public void Resolve_ModelRecommends_OnlyWhatIsNotSaid()
    {
        var recommended = new AttentionRequest { Method = "xattention", Threshold = "0.8", Stride = 16, Density = 0.3 };
        Assert.Equal(("xattention", 16, 0.3), Of(Resolve(null, recommended)));
        Assert.Equal(("xattention", 4, null), Of(Resolve(new AttentionRequest { Stride = 4, Threshold = "0.7" }, recommended)));
        // What the method does not read is passed over.
        Assert.Empty(Resolve(new AttentionRequest { Method = "dense" }, recommended).Problems);

        static (string, int, double?) Of((AttentionOptions Options, IReadOnlyList<RequestProblem>) resolved) => (resolved.Options.Method, resolved.Options.Stride, resolved.Options.Density);
    }

    [Fact]
    public void Resolve_SettingThatTheMethodDoesNotRead_NamesThoseThatDo()
    {
        Assert.Equal(
            "stride 8 is not usable: attention dense has no such setting. Leave --stride out, or set --attention to xattention.",
            Assert.Single(Resolve(new AttentionRequest { Method = "dense", Stride = 8 }).Problems).Message);
        Assert.Equal(
            "threshold 0.9 is not usable: attention window has no such setting. Leave --threshold out, or set --attention to xattention or oracle.",
            Assert.Single(Resolve(new AttentionRequest { Method = "window", Threshold = "0.9" }).Problems).Message);
    }

    [Theory]
    [InlineData("threshold", "high")]
    [InlineData("threshold", "1.5")]
    [InlineData("dense-warmup", "51")]
    [InlineData("dense-warmup", "-1")]
    [InlineData("dense-warmup", "150%")]
    public void Resolve_BadText_IsOneProblem(string field, string value)
    {
        var request = field == "threshold" ? new AttentionRequest { Threshold = value } : new AttentionRequest { DenseWarmup = value };
        var problem = Assert.Single(Resolve(request with { Method = "xattention" }).Problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(value, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2")]
    [InlineData("1,2,3,4")]
    [InlineData("1,x,3")]
    [InlineData("1,-2,3")]
    public void Resolve_BadWindow_IsOneProblem(string window) =>
        Assert.Equal("window", Assert.Single(Resolve(new AttentionRequest { Method = "window", Window = window }).Problems).Field);

    [Fact]
    public void Resolve_ThresholdAndDensity_AreAContradiction() =>
        Assert.Contains("threshold was set too", Assert.Single(Resolve(new AttentionRequest { Method = "xattention", Threshold = "0.9", Density = 0.5 }).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void Resolve_RandomWithoutDensity_IsOneProblem() =>
        Assert.Equal(
            "density (not set) is not usable: attention random draws a share of the blocks, and needs a number more than 0 and at most 1. Set for example --density 0.4.",
            Assert.Single(Resolve(new AttentionRequest { Method = "random" }).Problems).Message);

    [Fact]
    public void Resolve_RandomWithThresholdAndDensity_IsOneProblem() =>
        Assert.Equal("threshold", Assert.Single(Resolve(new AttentionRequest { Method = "random", Threshold = "0.9", Density = 0.4 }).Problems).Field);

    [Fact]
    public void Resolve_DensityRecommendedForAnotherMethod_DoesNotCountForBaselines()
    {
        var recommended = new AttentionRequest { Method = "xattention", Density = 0.3 };
        Assert.Null(Resolve(new AttentionRequest { Method = "window" }, recommended).Options.Density);
        Assert.Equal("density", Assert.Single(Resolve(new AttentionRequest { Method = "random" }, recommended).Problems).Field);
        Assert.Equal(0.3, Resolve(new AttentionRequest { Method = "oracle" }, recommended).Options.Density);
        var window = recommended with { Method = "window" };
        Assert.Equal(0.3, Resolve(null, window).Options.Density);
        Assert.Null(Resolve(new AttentionRequest { Window = "1,2,2" }, window).Options.Density);
    }

    [Fact]
    public void Resolve_ModelWithFewLayers_ChecksAgainstThem() =>
        Assert.Contains("from 0 to 30", Assert.Single(Resolve(new AttentionRequest { Method = "xattention", DenseFirstLayers = 31 }).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void GenerationConfig_WithAttention_IsRecommendedByTheModel()
    {
        using var folder = new AttentionFolder("""{ "attention": { "method": "xattention", "threshold": 0.85, "block_size": 64, "dense_warmup": "20%" } }""");
        var defaults = GenerationConfig.Read(folder.Path).Over(ModelDefaults.Wan);
        var options = RequestValidator.Resolve(new VideoRequest { Prompt = "a ball" }, defaults, Limits).Attention;
        Assert.Equal(new AttentionOptions { Method = "xattention", Threshold = 0.85, BlockSize = 64, DenseWarmup = StepShare.OfPercent(20) }, options);
    }

    [Fact]
    public void GenerationConfig_UnknownAttentionKey_IsRefused()
    {
        using var folder = new AttentionFolder("""{ "attention": { "treshold": 0.85 } }""");
        Assert.Contains("treshold", Assert.Throws<Torch.Safetensors.ModelFileException>(() => GenerationConfig.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static (AttentionOptions Options, IReadOnlyList<RequestProblem> Problems) Resolve(AttentionRequest? request, AttentionRequest? recommended = null) =>
        AttentionResolver.Resolve(request, recommended, 50, Limits);

    private sealed class AttentionFolder : IDisposable
    {
        public AttentionFolder(string config) => File.WriteAllText(System.IO.Path.Combine(Path, "generation_config.json"), config);

        public string Path { get; } = Directory.CreateTempSubdirectory("xvideo-attention-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
