using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class TransformerParityTests
{
    private const double Tolerance = 1e-5;   // float32 against the reference's float64; measured up to 1e-6

    private static readonly DinoConfig SmallDino = new(24, 2, 3, 8, 4);

    private static readonly ClipConfig SmallClip = new()
    {
        FileName = "small.pt", Image = new(32, 2, 4, 128), Text = new(24, 2, 4, 96), PatchSize = 8, GridSize = 3, EmbeddingDim = 16, VocabularySize = 50, ContextLength = 12, EndId = 49,
    };

    [Theory]
    [InlineData("trained", 32, 32)]
    [InlineData("wide", 37, 58)]
    [InlineData("nearly", 32, 37)]   // the trained grid, but not square: interpolated all the same
    public void Dino_OnAnyGrid_MatchesTorch(string name, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var dino = new DinoEncoder(SmallDino, weights.Root);
        Assert.True(NetworkData.RelativeError(Values(dino.Forward(Pixels(height, width, 20))), NetworkData.Reference($"dino_{name}")) < Tolerance);
    }

    [Fact]
    public void Dino_OfAnImageSmallerThanAPatch_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        Assert.Contains("H and W at least 8", Assert.Throws<ArgumentException>(() => new DinoEncoder(SmallDino, weights.Root).Forward(zeros([1, 3, 7, 20]))).Message);
    }

    [Fact]
    public void ClipImages_UnderOpenAisNames_MatchTorch()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var clip = new ClipModel(SmallClip, weights.Root, withText: false);
        Assert.True(NetworkData.RelativeError(Values(clip.EncodeImages(Pixels(24, 24, 30))), NetworkData.Reference("clip_image")) < Tolerance);
        Assert.Contains("must be [B, 3, 24, 24]", Assert.Throws<ArgumentException>(() => clip.EncodeImages(zeros([1, 3, 24, 32]))).Message);
        Assert.Throws<InvalidOperationException>(() => clip.EncodeTexts(zeros([1, 12], int64)));
    }

    [Fact]
    public void ClipTexts_UnderOpenAisNames_MatchTorchWhateverFollowsTheEnd()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var clip = new ClipModel(SmallClip, weights.Root);
        long[] ids = [48, 3, 17, 49, 0, 0, 0, 0, 0, 0, 0, 0, 48, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 49];
        Assert.True(NetworkData.RelativeError(Values(clip.EncodeTexts(tensor(ids).reshape(2, 12))), NetworkData.Reference("clip_text")) < Tolerance);
        foreach (var padding in (long[])[11, 49])
        {
            for (var i = 4; i < 12; i++) ids[i] = padding;
            Assert.True(NetworkData.RelativeError(Values(clip.EncodeTexts(tensor(ids).reshape(2, 12))), NetworkData.Reference("clip_text")) < Tolerance);
        }
    }

    [Theory]
    [InlineData(50, "from 0 to 49, got 50")]
    [InlineData(0, "text 0 has no end mark (id 49)")]
    public void ClipTexts_OfWrongIds_AreRefused(long id, string expected)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var clip = new ClipModel(SmallClip, weights.Root);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => clip.EncodeTexts(full([1, 12], id, int64))).Message);
    }

    [PublishedGoldenFact]
    public void Dino_OfTheGoldens_Matches()
    {
        using var scope = NewDisposeScope();
        var golden = Path.Combine(PublishedGoldenFactAttribute.Folder, "golden.safetensors");
        using var dino = DinoEncoder.Load(Path.Combine(PublishedGoldenFactAttribute.Folder, "dino_vit.safetensors"), CPU, new DinoConfig(48, 2, 4, 16, 4));
        var images = tensor(NetworkData.Floats(golden, "images")).reshape(3, 3, 64, 64);
        var error = NetworkData.RelativeError(Values(dino.Forward(images)), NetworkData.Floats(golden, "dino_out"));
        Assert.True(error < 1e-4, $"relative error {error:e2}");
    }

    [PublishedGoldenFact]
    public void Clip_OfTheGoldens_Matches()
    {
        using var scope = NewDisposeScope();
        var folder = PublishedGoldenFactAttribute.Folder;
        var golden = Path.Combine(folder, "golden.safetensors");
        var config = new ClipConfig
        {
            FileName = "model.safetensors", Image = new(48, 2, 4, 96), Text = new(32, 2, 4, 64), PatchSize = 16, GridSize = 4, EmbeddingDim = 24, VocabularySize = 1500, EndId = 1,
        };
        using var clip = ClipModel.Load(Path.Combine(folder, "clip", "model.safetensors"), config, CPU);
        var images = nn.functional.normalize(clip.EncodeImages(tensor(NetworkData.Floats(golden, "images")).reshape(3, 3, 64, 64)));
        var texts = nn.functional.normalize(clip.EncodeTexts(Ids(golden)));
        var logits = images.matmul(texts.transpose(0, 1)) * clip.LogitScale;
        foreach (var (name, got) in new[] { ("clip_image", images), ("clip_text", texts), ("clip_logits", logits) })
        {
            var error = NetworkData.RelativeError(Values(got), NetworkData.Floats(golden, name));
            Assert.True(error < 1e-4, $"{name}: relative error {error:e2}");
        }
        Assert.Empty(Assert.Single(clip.Files).IgnoredKeys);
    }

    [Fact]
    public void ParameterCounts_OfThePublishedSizes_AreThoseOfTheFiles()
    {
        Assert.Equal(85_798_656, Count(weights => new DinoEncoder(DinoConfig.ViTB16, weights)));
        Assert.Equal(151_277_313, Count(weights => new ClipModel(ClipConfig.ViTB32, weights)));
        Assert.Equal(87_849_216, Count(weights => new ClipModel(ClipConfig.ViTB32, weights, withText: false)));
        Assert.Equal(427_616_513, Count(weights => new ClipModel(ClipConfig.ViTL14, weights)));
        Assert.Equal(303_966_208, Count(weights => new ClipModel(ClipConfig.ViTL14, weights, withText: false)));
        Assert.Equal(769, Count(weights => new AestheticHead(weights)));
    }

    [Fact]
    public void AestheticHead_OfAnyLength_ScoresTheDirection()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var head = new AestheticHead(weights.Root);
        var feature = tensor([.. FormulaWeights.Mix(768, 7).Select(x => (float)x)]).reshape(1, 768);
        var weight = weights.Get("weight", [1, 768]).data<float>().ToArray();
        var bias = weights.Get("bias", [1]).item<float>();
        var values = Values(feature);
        var expected = bias + (values.Zip(weight, (a, b) => (double)a * b).Sum() / Math.Sqrt(values.Sum(x => (double)x * x)));
        Assert.Equal(expected, head.Forward(feature).item<float>(), 1e-5);
        Assert.Equal(expected, head.Forward(feature * 30).item<float>(), 1e-5);
        Assert.Contains("[B, 768]", Assert.Throws<ArgumentException>(() => head.Forward(zeros([1, 512]))).Message);
    }

    private static long Count(Func<Weights, object> build)
    {
        using var recorder = new ShapeRecorder();
        build(new Weights(recorder));
        return recorder.ElementCount;
    }

    private static Tensor Ids(string path)
    {
        using var file = XVideo.Torch.Safetensors.SafetensorsFile.Open(path);
        var bytes = file.Bytes(file.Entries["clip_ids"]);
        return tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes).ToArray()).reshape(2, 77);
    }

    private static Tensor Pixels(int height, int width, long salt) => tensor(
        [.. Enumerable.Range(0, 2).SelectMany(i => FormulaWeights.Mix(3L * height * width, salt + i)).Select(x => (float)(x * 4))]).reshape(2, 3, height, width);

    private static float[] Values(Tensor x) => x.contiguous().data<float>().ToArray();
}
