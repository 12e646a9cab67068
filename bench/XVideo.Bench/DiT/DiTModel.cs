using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Bench.DiT;

/// <summary>A Wan transformer with random weights on a device, with inputs for one pass.</summary>
internal sealed class DiTModel : IDisposable
{
    /// <summary>The name of the preset.</summary>
    public const string Wan = "wan-1.3b";

    // Source: transformer/config.json of Wan-AI/Wan2.1-T2V-1.3B-Diffusers.
    private static readonly WanTransformerConfig Wan13 = new()
    {
        PatchSize = [1, 2, 2], HeadCount = 12, HeadDim = 128, InChannels = 16, OutChannels = 16, TextDim = 4096, FrequencyDim = 256, FeedForwardDim = 8960, LayerCount = 30, CrossAttentionNorm = true,
    };

    private readonly WanTransformer _network;
    private readonly Tensor _time;

    private DiTModel(WanTransformerConfig config, BenchDevice device, ScalarType dtype, IReadOnlyList<int> latent, int textTokens)
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        (Config, Device, DType) = (config, device, dtype);
        Weights = new RandomWeights(dtype, device.Device, WanTransformer.KeepInFloat32);
        _network = new WanTransformer(config, new Weights(Weights));
        Latents = randn([1, config.InChannels, latent[0], latent[1], latent[2]], ScalarType.Float32, device.Device).DetachFromDisposeScope();
        Text = randn([1, textTokens, config.TextDim], dtype, device.Device).DetachFromDisposeScope();
        _time = full([1], 500, ScalarType.Float32, device.Device).DetachFromDisposeScope();
        Tokens = latent[0] / config.PatchSize[0] * (latent[1] / config.PatchSize[1]) * (latent[2] / config.PatchSize[2]);
    }

    public WanTransformerConfig Config { get; }

    public BenchDevice Device { get; }

    /// <summary>Of the network.</summary>
    public ScalarType DType { get; }

    public RandomWeights Weights { get; }

    /// <summary>[1, C, T, H, W] float32 noise.</summary>
    public Tensor Latents { get; }

    /// <summary>[1, L, text width].</summary>
    public Tensor Text { get; }

    /// <summary>Video tokens S.</summary>
    public int Tokens { get; }

    /// <summary>Makes it.</summary>
    /// <exception cref="RequestValidationException">The latents cannot be cut into tokens.</exception>
    /// <exception cref="Torch.Safetensors.ModelFileException">The folder has no usable config.</exception>
    public static DiTModel Create(DiTBenchmarkSettings settings, BenchDevice device)
    {
        var config = settings.Model == Wan ? Wan13 : WanTransformerConfig.Read(ConfigPath(settings.Model));
        var latent = settings.Latent ?? (device.IsGpu ? [21, 60, 104] : [8, 16, 16]);
        for (var axis = 0; axis < 3; axis++)
            if (latent[axis] % config.PatchSize[axis] != 0)
                throw new RequestValidationException([new RequestProblem(
                    "latent", string.Join('x', latent), $"each must be a multiple of the patch, {string.Join('x', config.PatchSize)}", [], "Set for example --latent 21x60x104.")]);
        return new DiTModel(config, device, device.Type(settings.DType), latent, settings.TextTokens);
    }

    /// <summary>A plan for so many steps with forced density; 1 is dense attention.</summary>
    public AttentionPlan Plan(double density, int stride, int steps, StepShare warmup, IAttentionTimeline? timeline)
    {
        var options = density < 1 ? new AttentionOptions { Method = AttentionMethod.XAttention.Name, Density = density, Stride = stride, DenseWarmup = warmup } : new AttentionOptions();
        var desc = new AttentionDesc(DType, Device.Device.type, Device.Gpu?.ComputeCapability, 1, Config.HeadCount, Tokens, Tokens, Config.HeadDim, null);
        return AttentionPlan.Create(options, steps, Config.LayerCount, desc, timeline: timeline);
    }

    /// <summary>One pass.</summary>
    public void Forward(IAttention attention, DenoisePass pass)
    {
        using var scope = NewDisposeScope();
        _network.Forward(Latents, _time, Text, attention, pass);
    }

    /// <summary>One pass of a denoising loop.</summary>
    public Tensor Forward(Tensor latents, double timestep, IAttention attention, DenoisePass pass)
    {
        using var scope = NewDisposeScope();
        var time = full([1], timestep, ScalarType.Float32, latents.device);
        return _network.Forward(latents, time, Text, attention, pass).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _network.Dispose();
        Weights.Dispose();
        Latents.Dispose();
        Text.Dispose();
        _time.Dispose();
    }

    private static string ConfigPath(string folder)
    {
        var inside = Path.Combine(folder, "transformer", "config.json");
        return File.Exists(inside) ? inside : Path.Combine(folder, "config.json");
    }
}
