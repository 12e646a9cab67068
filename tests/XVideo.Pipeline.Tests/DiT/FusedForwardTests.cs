using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Tests.Vae;
using XVideo.SparseAttention.Backends;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.DiT;

/// <summary>The row-wise CPU path of inference against the composed operators, which run where gradients are recorded.</summary>
public sealed class FusedForwardTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 2, 16, 1, 2e-5)]
    [InlineData(ScalarType.Float32, 3, 10, 2, 2e-5)]    // 30 wide: neither a head nor a row fills whole vectors
    [InlineData(ScalarType.Float32, 1, 6, 3, 2e-5)]
    [InlineData(ScalarType.BFloat16, 2, 16, 1, 0.06)]
    [InlineData(ScalarType.BFloat16, 3, 10, 2, 0.06)]
    public void WanTransformer_WithoutGradients_AgreesWithComposedOperators(ScalarType dtype, int heads, int headDim, int batch, double tolerance)
    {
        using var scope = NewDisposeScope();
        manual_seed(heads);
        var config = new WanTransformerConfig
        {
            PatchSize = [1, 2, 2], HeadCount = heads, HeadDim = headDim, InChannels = 4, OutChannels = 4, TextDim = 12, FeedForwardDim = 37, LayerCount = 2,
        };
        using var network = new WanTransformer(config, new Weights(new RandomWeights(dtype, requiresGradient: false)));
        var latents = randn([batch, 4, 3, 6, 10]);
        var time = tensor([.. Enumerable.Range(0, batch).Select(item => 150f + (300 * item))]);
        var text = randn([batch, 5, 12]);

        var composed = network.Forward(latents, time, text, new DenseAttention());
        Tensor fused;
        using (no_grad()) fused = network.Forward(latents, time, text, new DenseAttention());

        Assert.Equal(dtype, fused.dtype);
        var difference = (fused.to(ScalarType.Float32) - composed.to(ScalarType.Float32)).abs().max().item<float>();
        Assert.InRange(composed.to(ScalarType.Float32).abs().max().item<float>(), 0.5, 20);
        Assert.InRange(difference, 0, tolerance);
    }

    [Theory]
    [InlineData(63, 24, 16)]
    [InlineData(64, 24, 16)]
    [InlineData(101, 7, 5)]
    [InlineData(2112, 64, 160)]
    public void Linear_ManyRows_AgreesWithFloat64(int rows, int inFeatures, int outFeatures)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        manual_seed(rows);
        var (x, weight, bias) = (randn([2, rows, inFeatures]), randn([outFeatures, inFeatures]), randn([outFeatures]));

        foreach (var term in (Tensor?[])[bias, null])
        {
            var y = nn.functional.linear(x, weight, term);
            var expected = x.to(ScalarType.Float64).matmul(weight.to(ScalarType.Float64).transpose(0, 1)) + (term?.to(ScalarType.Float64) ?? zeros([1], ScalarType.Float64));
            Assert.Equal([2, rows, outFeatures], y.shape);
            Assert.True(y.is_contiguous());
            Assert.InRange((y.to(ScalarType.Float64) - expected).abs().max().item<double>(), 0, 1e-4);
        }
    }

    [Fact]
    public void Linear_WithGradients_KeepsThem()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn([128, 8]), randn([4, 8]));
        weight.requires_grad = true;

        nn.functional.linear(x, weight).sum().backward();

        Assert.InRange((weight.grad! - x.sum(0, keepdim: true)).abs().max().item<float>(), 0, 1e-4);
    }
}
