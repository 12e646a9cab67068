using TorchSharp;
using XVideo.Pipeline.Tests.Parity;
using XVideo.Pipeline.TextEncoding;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.TextEncoding;

public sealed class Umt5EncoderTests : IDisposable
{
    private static readonly string Folder = Path.Combine(GoldenData.Folder("wan"), "text_encoder");
    private static readonly Umt5Config Tiny = new()
    {
        VocabularySize = 11, Width = 8, HeadDim = 5, HeadCount = 3, FeedForwardDim = 12, LayerCount = 2, BucketCount = 8, MaxDistance = 16,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-umt5-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Forward_PaddingChanges_TokensStayTheSame()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var encoder = Random(Tiny, requiresGradient: false).Encoder;
        var mask = Mask(4, 7);
        var one = encoder.Forward(tensor([3L, 4, 5, 6, 0, 0, 0]).reshape(1, 7), mask).narrow(1, 0, 4);
        var other = encoder.Forward(tensor([3L, 4, 5, 6, 9, 1, 2]).reshape(1, 7), mask).narrow(1, 0, 4);
        var alone = encoder.Forward(tensor([3L, 4, 5, 6]).reshape(1, 4), Mask(4, 4));
        Assert.True(one.allclose(other, 0, 0));
        Assert.True(one.allclose(alone, 1e-5, 1e-6));
    }

    [Fact]
    public void Forward_NothingButPadding_StaysFinite()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var output = Random(Tiny, requiresGradient: false).Encoder.Forward(tensor([0L, 0, 0]).reshape(1, 3), Mask(0, 3));
        Assert.True(output.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Forward_OrderOfTokens_Matters()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var encoder = Random(Tiny, requiresGradient: false).Encoder;
        var forward = encoder.Forward(tensor([3L, 4, 5]).reshape(1, 3), Mask(3, 3)).select(1, 0);
        var swapped = encoder.Forward(tensor([3L, 5, 4]).reshape(1, 3), Mask(3, 3)).select(1, 0);
        Assert.False(forward.allclose(swapped, 1e-3, 1e-4));
    }

    [Fact]
    public void Forward_InTraining_EveryParameterGetsTheGradientOfTheLoss()
    {
        using var scope = NewDisposeScope();
        var (encoder, source) = Random(Tiny, requiresGradient: true);
        var ids = tensor([3L, 4, 5, 6, 0, 1]).reshape(2, 3);
        Tensor Loss() => encoder.Forward(ids, ones([2, 3])).square().sum();
        Loss().backward();

        foreach (var (name, parameter) in source.Parameters)
        {
            var gradient = parameter.grad;
            Assert.True(gradient is not null && gradient.abs().max().ToDouble() > 0, name);
        }
        // The gradient of one number against the change of the loss.
        const double step = 1e-3;
        var probed = source.Parameters["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"];
        var expected = probed.grad!.data<float>().ToArray()[0];
        using var _ = no_grad();
        using var first = probed.flatten().narrow(0, 0, 1);
        first.add_((Scalar)step);
        var above = Loss().ToDouble();
        first.add_((Scalar)(-2 * step));
        var below = Loss().ToDouble();
        Assert.Equal(expected, (above - below) / (2 * step), Math.Abs(expected) * 0.05 + 2e-3);
    }

    [Fact]
    public void Forward_BFloat16Weights_IsNearFloat32()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (ids, mask) = (arange(3, 20, ScalarType.Int64).reshape(1, 17), ones([1, 17]));
        var (wide, wideSource) = Umt5Encoder.Load(Folder, ScalarType.Float32, CPU);
        var (narrow, narrowSource) = Umt5Encoder.Load(Folder, ScalarType.BFloat16, CPU);
        using var __ = wideSource;
        using var ___ = narrowSource;
        var (reference, output) = (wide.Forward(ids, mask), narrow.Forward(ids, mask));
        Assert.Equal(ScalarType.BFloat16, output.dtype);
        Assert.True((output.to(ScalarType.Float32) - reference).abs().max().ToDouble() < 0.1 * reference.abs().max().ToDouble());
    }

    [Fact]
    public void Forward_ShapesDiffer_AreRefused()
    {
        using var scope = NewDisposeScope();
        var encoder = Random(Tiny, requiresGradient: false).Encoder;
        Assert.Contains("same shape", Assert.Throws<ArgumentException>(() => encoder.Forward(zeros([1, 3], ScalarType.Int64), ones([1, 4]))).Message);
        Assert.Contains("[B, L] Int64", Assert.Throws<ArgumentException>(() => encoder.Forward(zeros([3], ScalarType.Int64), ones([3]))).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_EmbeddingUnderItsSecondName_IsAccepted(bool underBoth)
    {
        File.Copy(Path.Combine(Folder, "config.json"), Path.Combine(_folder, "config.json"));
        using (var weights = SafetensorsFile.Open(Path.Combine(Folder, "model.safetensors")))
        {
            var kept = weights.Entries.Values.Where(entry => underBoth || entry.Name != "shared.weight").Select(entry => (entry.Name, Entry: entry))
                .Append((Name: "encoder.embed_tokens.weight", Entry: weights.Entries["shared.weight"])).ToList();
            SafetensorsWriter.Write(
                Path.Combine(_folder, "model.safetensors"), [.. kept.Select(item => (item.Name, item.Entry.DType, item.Entry.Shape.ToArray()))],
                (index, stream) => stream.Write(weights.Bytes(kept[index].Entry)));
        }
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (ids, mask) = (tensor([5L, 6, 7]).reshape(1, 3), ones([1, 3]));
        var (expected, expectedSource) = Umt5Encoder.Load(Folder, ScalarType.Float32, CPU);
        var (actual, actualSource) = Umt5Encoder.Load(_folder, ScalarType.Float32, CPU);
        using var __ = expectedSource;
        using var ___ = actualSource;
        Assert.True(actual.Forward(ids, mask).allclose(expected.Forward(ids, mask), 0, 0));
    }

    [Theory]
    [InlineData("\"gated-gelu\"", "\"relu\"", "feed_forward_proj")]
    [InlineData("\"umt5\"", "\"t5\"", "model_type")]
    [InlineData("\"num_heads\": 6", "\"num_heads\": 0", "num_heads")]
    [InlineData("\"d_model\": 48,", "", "d_model")]
    [InlineData("\"relative_attention_num_buckets\": 32", "\"relative_attention_num_buckets\": 31", "must be even")]
    public void Read_UnusableConfig_NamesTheEntry(string from, string to, string message)
    {
        var path = Path.Combine(_folder, "config.json");
        File.WriteAllText(path, File.ReadAllText(Path.Combine(Folder, "config.json")).Replace(from, to));
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => Umt5Config.Read(path)).Message);
    }

    private static Tensor Mask(int tokens, int length) => tensor([.. Enumerable.Range(0, length).Select(i => i < tokens ? 1L : 0L)]).reshape(1, length);

    private static (Umt5Encoder Encoder, RandomWeights Source) Random(Umt5Config config, bool requiresGradient)
    {
        manual_seed(5);
        var source = new RandomWeights(requiresGradient);
        return (new Umt5Encoder(config, new Weights(source)), source);
    }

    private sealed class RandomWeights(bool requiresGradient) : IWeightSource
    {
        public Dictionary<string, Tensor> Parameters { get; } = [];

        public Tensor Get(string name, long[] shape)
        {
            using var normal = randn(shape);
            var parameter = (normal * 0.5).detach();
            parameter.requires_grad = requiresGradient;
            return Parameters[name] = parameter;
        }
    }
}
