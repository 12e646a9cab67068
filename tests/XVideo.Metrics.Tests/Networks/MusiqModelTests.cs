using XVideo.Metrics.Networks.Dimensions;
using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.Musiq;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class MusiqModelTests : IClassFixture<MusiqModelTests.Network>
{
    private readonly Network _network;

    public MusiqModelTests(Network network) => _network = network;

    [Theory]
    [InlineData(96, 160)]
    [InlineData(131, 90)]
    [InlineData(288, 512)]
    public void Forward_OfImagesOfAnySize_MatchesThePublishedNetwork(int height, int width)
    {
        using var scope = NewDisposeScope();
        var images = cat([Tier2Frames.Window(height, width), Tier2Frames.Window(height, width, 40, 120)]) / 255;
        var before = scope.DisposablesCount;
        var scores = _network.Musiq.Forward(images);
        Assert.Equal(before + 1, scope.DisposablesCount);
        var error = NetworkData.RelativeError(scores.data<float>().ToArray(), Tier2Frames.Reference($"musiq_{height}x{width}"));
        Assert.True(error < 2e-5, $"relative error {error:e2}");   // float32 against float64; the published one differs by up to 1e-5
    }

    [Fact]
    public void ParameterCount_OfTheNetwork_IsThePublishedOne() => Assert.Equal(27_125_825, Tier2File.CountParameters(weights => new MusiqModel(weights)));

    [Fact]
    public void Load_OfOnlyTheHead_NamesWhatIsMissing()
    {
        using var file = new Tier2File(root => new MusiqModel(root), _network.Weights, name => name.StartsWith("head.", StringComparison.Ordinal) ? "module." + name : null);
        var error = Assert.Throws<ModelFileException>(() => MusiqModel.Load(file.Path, CPU));
        Assert.Contains("MUSIQ with one output, trained on SPAQ (published as musiq_spaq_ckpt-358bb6af.pth", error.Problems[0]);
        Assert.Contains("missing: module.conv_root.weight [64, 3, 7, 7]", error.Problems);
        Assert.DoesNotContain(error.Problems.Skip(1), problem => problem.Contains("head."));
    }

    [Fact]
    public void Forward_OfBytes_IsRefused() =>
        Assert.Contains("[B, 3, H, W] float32", Assert.Throws<ArgumentException>(() => _network.Musiq.Forward(zeros([1, 3, 64, 64], uint8))).Message);

    [Theory]
    [InlineData(333, 777, 219, 512)]   // 219.4 is cut, not rounded
    [InlineData(640, 150, 512, 120)]
    [InlineData(64, 96, 64, 96)]
    public void ImagingQuality_OfFrames_SeesTheLongerSideAs512(int height, int width, int seenHeight, int seenWidth)
    {
        using var scope = NewDisposeScope();
        var frames = cat([Tier2Frames.Window(height, width), Tier2Frames.Window(height, width, 7, 9)]);
        var seen = (seenHeight == height ? frames : Resampler.Bilinear(frames, seenHeight, seenWidth)) / 255;
        var quality = new ImagingQuality(_network.Musiq);
        Assert.Equal(double.NaN, quality.Score);
        foreach (var frame in Tier2Frames.Bytes(frames).split([1, 1])) quality.Add(frame);
        Assert.Equal(2, quality.FrameCount);
        Assert.Equal(_network.Musiq.Forward(seen).data<float>().ToArray().Average() / 100, quality.Score, 1e-7);
    }

    /// <summary>27 million parameters, made once.</summary>
    public sealed class Network : IDisposable
    {
        internal Tier2Weights Weights { get; } = new();

        internal MusiqModel Musiq { get; }

        public Network() => Musiq = new MusiqModel(Weights.Root);

        public void Dispose() => Weights.Dispose();
    }
}
