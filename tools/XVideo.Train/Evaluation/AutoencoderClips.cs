using TorchSharp;
using XVideo.Pipeline.Stages;
using XVideo.Pipeline.Vae;
using XVideo.Scenes;
using XVideo.Torch;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>Renders that went through the autoencoder: what the transformer could reach at best.</summary>
internal sealed class AutoencoderClips : IClipSource
{
    private readonly WanVae _vae;
    private readonly SafetensorsWeights _source;
    private readonly Device _device;

    /// <param name="modelFolder">Has <c>vae/</c>.</param>
    /// <param name="device">What to compute on.</param>
    /// <param name="dtype"><c>auto</c>, <c>f32</c> or <c>bf16</c>; auto is what the pipeline decodes in.</param>
    public AutoencoderClips(string modelFolder, Device device, string dtype)
    {
        var folder = Path.Combine(modelFolder, "vae");
        var config = WanVaeConfig.Load(Path.Combine(folder, "config.json"));
        var isFast = device.type == DeviceType.CUDA || Libtorch.CpuHasFastBFloat16;
        var type = dtype == "bf16" || (dtype != "f32" && isFast) ? ScalarType.BFloat16 : ScalarType.Float32;
        (_vae, _source) = SafetensorsWeights.Load(folder, type, device, [], weights => new WanVae(config, weights));
        _device = device;
    }

    public (IReadOnlyList<byte[]> Frames, double? Density) Make(Scene scene, Tensor render, long seed, CancellationToken cancellation)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        // Chunk by chunk, as the pipeline does: memory for whole clips in one pass is many times as much.
        List<Tensor> means = [];
        foreach (var (mean, _) in _vae.EncodeStream(render.to(_source.FloatType).to(_device)))
        {
            means.Add(mean);
            cancellation.ThrowIfCancellationRequested();
        }
        List<byte[]> frames = [];
        foreach (var chunk in _vae.DecodeStream(cat(means, 2)))
        {
            frames.AddRange(FramePixels.ToRgb24(chunk));
            cancellation.ThrowIfCancellationRequested();
        }
        return (frames, null);
    }

    public void Dispose() => _source.Dispose();
}
