using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Dimensions;
using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.ViClip;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class ViClipModelTests
{
    private static readonly ClipConfig Small = new()
    {
        FileName = "small.pth", Image = new(32, 2, 4, 128), Text = new(24, 2, 4, 96), PatchSize = 8, GridSize = 3, EmbeddingDim = 16, VocabularySize = 50, ContextLength = 12, EndId = 49,
    };

    // With the ids of the tokenizer beside the tests.
    private static readonly ClipConfig Worded = Small with { VocabularySize = 1500, EndId = 1 };

    [Fact]
    public void EncodeVideo_OfEightFrames_MatchesThePublishedNetwork()
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        var frames = cat([.. Enumerable.Range(0, 8).Select(i => Tier2Frames.Window(24, 24, 5 * i, 3 * i))]) / 64 - 2;
        var vector = new ViClipModel(Small, weights.Root).EncodeVideo(frames);
        var error = NetworkData.RelativeError(vector.data<float>().ToArray(), Tier2Frames.Reference("viclip_video"));
        Assert.True(error < 1e-5, $"relative error {error:e2}");
    }

    [Fact]
    public void TextHalf_OfSomeIds_MatchesThePublishedNetwork()
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        var text = new ClipTextEncoder(Small, ClipNames.OpenAi, weights.Root["text_encoder"]);
        var vector = text.Forward(tensor([48L, 3, 17, 49, 0, 0, 0, 0, 0, 0, 0, 0]).reshape(1, 12));
        var error = NetworkData.RelativeError(vector.data<float>().ToArray(), Tier2Frames.Reference("viclip_text"));
        Assert.True(error < 1e-5, $"relative error {error:e2}");
    }

    [Fact]
    public void EncodeText_OfALongText_CutsItAndEndsIt()
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        var tokenizer = ClipTokenizer.LoadFolder(NetworkData.PathOf("clip_bpe"));
        var model = new ViClipModel(Worded, weights.Root);
        var ids = tokenizer.Encode("a red circle moves over a blue square and a green star follows it");
        Assert.True(ids.Length > 12);
        long[] cut = [.. ids.Take(11).Select(id => (long)id), 1];
        var expected = new ClipTextEncoder(Worded, ClipNames.OpenAi, weights.Root["text_encoder"]).Forward(tensor(cut).reshape(1, 12));
        Assert.Equal(expected.data<float>().ToArray(), model.EncodeText("a red circle moves over a blue square and a green star follows it", tokenizer).data<float>().ToArray());
    }

    [Theory]
    [InlineData(17, new[] { 0, 2, 4, 6, 8, 10, 12, 15 })]
    [InlineData(5, new[] { 0, 1, 2, 3, 4, 4, 4, 4 })]
    public void PromptConsistency_OfAClip_IsTheCosineOfItsSampledFrames(int frameCount, int[] sampled)
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        var tokenizer = ClipTokenizer.LoadFolder(NetworkData.PathOf("clip_bpe"));
        var model = new ViClipModel(Worded, weights.Root);
        var frames = Tier2Frames.Bytes(cat([.. Enumerable.Range(0, frameCount).Select(i => Tier2Frames.Window(30, 40, 11 * i, 7 * i))]));
        using var consistency = new PromptConsistency(model, tokenizer, "a red circle", frameCount);
        consistency.Add(frames.narrow(0, 0, 3));
        Assert.Contains("3 came", Assert.Throws<InvalidOperationException>(() => consistency.Measure()).Message);
        consistency.Add(frames.narrow(0, 3, frameCount - 3));
        Assert.Equal(sampled, FrameSampling.Middle(frameCount, 8));

        var seen = frames.index_select(0, tensor([.. sampled.Select(index => (long)index)]));
        var prepared = ChannelStatistics.Clip.Normalize(FrameTransforms.CenterCrop(Resampler.BicubicBytes(seen, 24, 32), 24).to(float32) / 255);
        var (video, text) = (nn.functional.normalize(model.EncodeVideo(prepared)), nn.functional.normalize(model.EncodeText("a red circle", tokenizer)));
        Assert.Equal((video * text).sum().item<float>(), consistency.Measure(), 1e-6);
    }

    [Fact]
    public void Load_OfThePublishedKeys_IgnoresTheTemperature()
    {
        using var weights = new Tier2Weights();
        using var file = new Tier2File(root => new ViClipModel(Small, root), weights, name => name, "temp");
        using var model = ViClipModel.Load(file.Path, CPU, Small);
        Assert.Equal(["temp"], Assert.Single(model.Files).IgnoredKeys);
        Assert.Contains("[8, 3, 24, 24] float32", Assert.Throws<ArgumentException>(() => model.EncodeVideo(zeros([4, 3, 24, 24]))).Message);
    }

    [Fact]
    public void ParameterCount_OfThePublishedSizes_IsThatOfTheFile() =>
        Assert.Equal(427_590_145, Tier2File.CountParameters(weights => new ViClipModel(ViClipModel.ViTL14, weights)) + 1);   // and the temperature
}
