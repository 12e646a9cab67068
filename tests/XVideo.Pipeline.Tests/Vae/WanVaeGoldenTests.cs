using TorchSharp;
using XVideo.Pipeline.Tests.Parity;
using XVideo.Pipeline.Vae;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.Vae;

public sealed class WanVaeGoldenTests
{
    private static readonly string Folder = GoldenData.Folder("wan");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EncodeMoments_GoldenVideo_MatchesReference(bool gradientMode)
    {
        using var scope = NewDisposeScope();
        using var _ = set_grad_enabled(gradientMode);
        using var golden = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
        var (vae, source) = Load(ScalarType.Float32);
        var (mean, logVariance) = vae.EncodeMoments(Read(golden, "vae_video"));
        AssertClose(Read(golden, "vae_mean"), mean, 2e-4);
        AssertClose(Read(golden, "vae_logvar"), logVariance, 2e-4);
        source.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_GoldenLatents_MatchesReference(bool gradientMode)
    {
        using var scope = NewDisposeScope();
        using var _ = set_grad_enabled(gradientMode);
        using var golden = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
        var (vae, source) = Load(ScalarType.Float32);
        AssertClose(Read(golden, "vae_decoded"), vae.Decode(Read(golden, "vae_latent")), 2e-4);
        AssertClose(Read(golden, "vae_decoded"), cat([.. vae.DecodeStream(Read(golden, "vae_latent"))], 2), 2e-4);
        source.Dispose();
    }

    // bfloat16 keeps 8 bits: over the about 30 layers of these random weights that is an error of 1 to 2 percent of the range.
    [Fact]
    public void Decode_BFloat16Weights_StaysNearReference()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var golden = SafetensorsFile.Open(Path.Combine(Folder, "golden.safetensors"));
        var (vae, source) = Load(ScalarType.BFloat16);
        var error = vae.Decode(Read(golden, "vae_latent").to(ScalarType.BFloat16)).to(ScalarType.Float32) - Read(golden, "vae_decoded");
        var rootMeanSquare = error.square().mean().sqrt().ToSingle();
        Assert.InRange(rootMeanSquare, 1e-6, 0.02);
        source.Dispose();
    }

    private static (WanVae, SafetensorsWeights) Load(ScalarType dtype)
    {
        var config = WanVaeConfig.Load(Path.Combine(Folder, "vae", "config.json"));
        return SafetensorsWeights.Load(Path.Combine(Folder, "vae"), dtype, CPU, [], weights => new WanVae(config, weights));
    }

    private static unsafe Tensor Read(SafetensorsFile file, string name)
    {
        using var view = ForeignMemory.AsTensor(file.Pointer(file.Entries[name]), [.. file.Entries[name].Shape], ScalarType.Float32);
        return view.clone();
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().ToSingle(), 0, tolerance);
    }
}
