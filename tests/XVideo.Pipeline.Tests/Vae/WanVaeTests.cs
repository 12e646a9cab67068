using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.Vae;

public sealed class WanVaeTests
{
    private static readonly WanVaeConfig Tiny = RandomWeights.Config(4, 1, 1, 2, 2);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(17)]
    public void EncodeStream_ChunksOfAClip_EqualTheWholeClip(int frames)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var vae = RandomWeights.Vae(Tiny);
        var video = randn([2, 3, frames, 16, 24]);
        var (mean, logVariance) = vae.EncodeMoments(video);
        var chunks = vae.EncodeStream(video).ToList();
        Assert.All(chunks, chunk => Assert.Equal([2, 4, 1, 2, 3], chunk.Mean.shape));
        Assert.Equal(1 + ((frames - 1) / 4), chunks.Count);
        AssertClose(mean, cat([.. chunks.Select(chunk => chunk.Mean)], 2), 1e-4);
        AssertClose(logVariance, cat([.. chunks.Select(chunk => chunk.LogVariance)], 2), 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(17)]
    public void DecodeStream_ChunksOfAClip_EqualTheWholeClip(int frames)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var vae = RandomWeights.Vae(Tiny);
        var latents = randn([2, 4, Tiny.LatentFrames(frames), 2, 3]);
        var chunks = vae.DecodeStream(latents).ToList();
        Assert.Equal([1, .. Enumerable.Repeat(4L, (frames - 1) / 4)], chunks.Select(chunk => chunk.size(2)));
        var whole = vae.Decode(latents);
        Assert.Equal([2, 3, frames, 16, 24], whole.shape);
        AssertClose(whole, cat(chunks, 2), 1e-4);
    }

    [Fact]
    public void Decode_LaterLatentsChange_EarlierFramesStay()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var vae = RandomWeights.Vae(Tiny);
        var latents = randn([1, 4, 3, 2, 2]);
        var other = latents.clone();
        other.narrow(2, 2, 1).zero_();
        AssertClose(vae.Decode(latents).narrow(2, 0, 5), vae.Decode(other).narrow(2, 0, 5), 1e-5);
        Assert.False(vae.Decode(latents).allclose(vae.Decode(other)));
    }

    [Fact]
    public void DecodeStream_StoppedEarlyAndRepeated_StartsAfresh()
    {
        using var scope = NewDisposeScope();
        var vae = RandomWeights.Vae(Tiny);
        var latents = randn([1, 4, 3, 2, 2]);
        var first = vae.DecodeStream(latents).Take(2).Last();
        var again = vae.DecodeStream(latents).Take(2).Last();
        AssertClose(first, again, 0);
    }

    [Fact]
    public void DecodeStream_Enumerated_LeavesOnlyTheChunksToTheCaller()
    {
        using var outer = NewDisposeScope();
        var vae = RandomWeights.Vae(Tiny);
        var latents = randn([1, 4, 3, 2, 2]);
        using var scope = NewDisposeScope();
        Assert.Equal(3, vae.DecodeStream(latents).Count());
        Assert.Equal(3, scope.DisposablesCount);
    }

    [Fact]
    public void Gradients_ThroughEncodeAndDecode_ReachEveryParameter()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var source = new RandomWeights(ScalarType.Float32, requiresGradient: true);
        var vae = new WanVae(Tiny, new Weights(source));
        var (mean, logVariance) = vae.EncodeMoments(randn([2, 3, 9, 16, 16]));
        var decoded = vae.Decode(mean + ((logVariance * 0.5).exp() * randn(mean.shape)), clamp: false);
        ((decoded - randn(decoded.shape)).square().mean() + logVariance.square().mean()).backward();
        foreach (var (name, parameter) in source.Parameters)
        {
            var gradient = parameter.grad;
            Assert.True(gradient is not null, name);
            Assert.True(gradient.isfinite().all().ToBoolean() && gradient.abs().max().ToSingle() > 0, name);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 2e-5)]
    [InlineData(ScalarType.BFloat16, 0.06)]
    public void FastPath_OddSizes_EqualsTheComposedOperators(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var vae = RandomWeights.Vae(RandomWeights.Config(6, 1, 3), dtype);
        var latents = randn([2, 4, 2, 7, 5]).to(dtype);
        Tensor fast;
        using (no_grad()) fast = vae.Decode(latents);
        using var _ = enable_grad();
        var error = (fast.to(ScalarType.Float32) - vae.Decode(latents).to(ScalarType.Float32)).square().mean().sqrt();
        Assert.InRange(error.ToSingle(), 0, tolerance);
    }

    [Fact]
    public void Decode_ZeroLatentsAndBiases_StaysFinite()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var source = new RandomWeights(ScalarType.Float32, requiresGradient: false);
        var vae = new WanVae(Tiny, new Weights(source));
        foreach (var (name, parameter) in source.Parameters)
            if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.zero_();
        Assert.Equal(0, vae.Decode(zeros([1, 4, 2, 2, 2])).abs().max().ToSingle());
    }

    // Without attention a pixel depends only on its neighbourhood, so away from the seams both must agree, and near them almost.
    [Theory]
    [InlineData(21, 26)]
    [InlineData(17, 25)]
    public void Decode_TiledWithoutAttention_IsNearUntiled(long height, long width)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var config = RandomWeights.Config(4, 1, 1);
        manual_seed(5);
        var source = new RandomWeights(ScalarType.Float32, requiresGradient: false);
        var vae = new WanVae(config, new Weights(source));
        source.Parameters["decoder.mid_block.attentions.0.proj.weight"].zero_();
        var latents = randn([1, 4, 2, height, width]);
        var whole = cat([.. vae.DecodeStream(latents)], 2);
        var steps = 0;
        var tiled = cat([.. vae.DecodeStream(latents, new VaeTiling(16, 8), () => steps++)], 2);
        Assert.Equal(WanVae.DecodeSteps(config, latents.shape, new VaeTiling(16, 8)), steps);
        Assert.Equal(whole.shape, tiled.shape);
        var difference = (whole - tiled).abs();
        // The outer corners lie too far from any seam to see one. A tile put in a wrong place would differ by about 1.4 times the signal.
        Assert.InRange(difference.narrow(3, 0, 2).narrow(4, 0, 2).max().ToSingle(), 0, 1e-4);
        Assert.InRange(difference.narrow(3, (2 * height) - 2, 2).narrow(4, (2 * width) - 2, 2).max().ToSingle(), 0, 1e-4);
        Assert.InRange((difference.square().mean().sqrt() / whole.square().mean().sqrt()).ToSingle(), 1e-6, 0.25);
    }

    [Fact]
    public void Decode_Tiled_SharesAddUpToOneEverywhere()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var source = new RandomWeights(ScalarType.Float32, requiresGradient: false);
        var vae = new WanVae(RandomWeights.Config(4, 1, 1), new Weights(source));
        source.Parameters["decoder.conv_out.weight"].zero_();
        source.Parameters["decoder.conv_out.bias"].fill_(0.5);
        foreach (var (height, width, size, overlap) in new[] { (21, 26, 12, 6), (9, 33, 8, 1), (8, 8, 8, 4), (11, 12, 8, 4) })
        {
            var pixels = cat([.. vae.DecodeStream(zeros([1, 4, 1, height, width]), new VaeTiling(size, overlap))], 2);
            Assert.InRange((pixels - 0.5).abs().max().ToSingle(), 0, 1e-6);
        }
    }

    [Fact]
    public void Decode_OneTileCoversTheFrame_EqualsUntiled()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var vae = RandomWeights.Vae(Tiny);
        var latents = randn([1, 4, 2, 3, 5]);
        AssertClose(cat([.. vae.DecodeStream(latents)], 2), cat([.. vae.DecodeStream(latents, new VaeTiling(5, 2))], 2), 1e-6);
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 5)]
    [InlineData(1, 1)]
    public void DecodeStream_ImpossibleTiling_IsRefused(int size, int overlap)
    {
        var vae = RandomWeights.Vae(Tiny);
        using var latents = zeros([1, 4, 1, 8, 8]);
        var error = Assert.Throws<ArgumentException>(() => vae.DecodeStream(latents, new VaeTiling(size, overlap)));
        Assert.Contains($"size {size} and overlap {overlap}", error.Message);
    }

    [Theory]
    [InlineData(3, 4, 16, 16, "Nearest: 1 or 5")]
    [InlineData(3, 5, 12, 16, "multiples of 8")]
    [InlineData(1, 5, 16, 16, "[B, 3, T, H, W]")]
    public void EncodeMoments_ImpossibleShape_IsRefused(long channels, long frames, long height, long width, string said)
    {
        var vae = RandomWeights.Vae(Tiny);
        using var video = zeros([1, channels, frames, height, width]);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => vae.EncodeMoments(video)).Message);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => vae.EncodeStream(video)).Message);
    }

    [Fact]
    public void Decode_WrongChannelsOrType_IsRefused()
    {
        var vae = RandomWeights.Vae(Tiny);
        using var channels = zeros([1, 5, 1, 2, 2]);
        using var type = zeros([1, 4, 1, 2, 2], ScalarType.BFloat16);
        Assert.Contains("[B, 4, T, H, W]", Assert.Throws<ArgumentException>(() => vae.Decode(channels)).Message);
        Assert.Contains("weights are Float32", Assert.Throws<ArgumentException>(() => vae.DecodeStream(type)).Message);
    }

    [Fact]
    public void Latents_NormalizeThenDenormalize_GivesThemBack()
    {
        using var scope = NewDisposeScope();
        var latents = randn([2, 4, 2, 3, 3]);
        var normal = Latents.Normalize(latents, Tiny);
        AssertClose((latents.narrow(1, 3, 1) - 2) / 3, normal.narrow(1, 3, 1), 1e-6);
        AssertClose(latents, Latents.Denormalize(normal, Tiny), 1e-5);
        Assert.Throws<ArgumentException>(() => Latents.Normalize(latents.narrow(1, 0, 3), Tiny));
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().ToSingle(), 0, tolerance);
    }
}
