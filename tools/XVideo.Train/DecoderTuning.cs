using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Goes on training the decoder of an autoencoder on whole clips while the encoder stays as it is, so that a transformer trained on its latents
/// stays valid. The latents get a little noise: a transformer's are never exact.
/// </summary>
internal sealed class DecoderTuning(TrainingOptions options, Device device, ReplicaGroup replicas)
{
    private const double PeakRate = 7e-4;
    private const double LatentNoise = 0.03;
    private static readonly (int Height, int Width, int Clips)[] Crops = [(8, 8, 8), (12, 16, 3), (8, 12, 5), (24, 32, 1)];

    private readonly ScalarType _dtype = device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32;
    private readonly Random _random = new(options.Seed + (1000 * replicas.Rank));

    /// <summary>Tunes <c>vae/</c> of the output folder within <see cref="TrainingOptions.DecoderMinutes"/>; its config does not change.</summary>
    public void Run()
    {
        var folder = Path.Combine(options.OutputFolder, "vae");
        var config = WanVaeConfig.Load(Path.Combine(folder, "config.json"));
        using var parameters = ReadParameters(folder, config);
        // Without weight decay a parameter without a gradient, as all of the encoder's are, keeps its exact value.
        using var optimiser = new Optimiser(parameters, replicas, beta2: 0.99, weightDecay: 0, averageDecay: 0.998);
        var clips = new Clips((ulong)options.Seed, options.Size, device, replicas, DefaultModel.DecoderScenes);
        var budget = new Budget(options.DecoderMinutes, PeakRate, replicas);
        var log = new TrainingLog("decoder", Path.Combine(options.OutputFolder, "decoder.csv"), budget, replicas);

        var vae = new WanVae(config, new Weights(parameters.Network));
        while (!budget.IsSpent && optimiser.StepCount < options.MaxSteps)
        {
            using var scope = NewDisposeScope();
            var video = clips.Render(clips.Next(options.VaeBatch));
            var latents = Encode(vae, video);
            foreach (var crop in Crops.Concat(Crops))
            {
                if (budget.IsSpent || optimiser.StepCount >= options.MaxSteps) break;
                using var stepScope = NewDisposeScope();
                var (cutLatents, cutVideo) = RandomCrop(config, latents, video, crop);
                parameters.Prepare();
                var (error, squared) = VaeMeasurement.Error(vae.Decode(cutLatents.to(_dtype), clamp: false).to(ScalarType.Float32), cutVideo);
                error.backward();
                optimiser.Step(budget.RateAt(optimiser.StepCount));
                budget.Tick(optimiser.StepCount);
                log.Step(optimiser.StepCount, squared, cutVideo.size(0), 0, value => $"PSNR {VaeMeasurement.Psnr(value):f2} dB");
            }
        }

        if (!replicas.IsFirst) return;
        using var ungraded = no_grad();
        using var final = NewDisposeScope();
        new VaeMeasurement(options, _dtype, device).Run(config, parameters.Parameters(optimiser.Average));
        ComponentWriter.WriteVae(options.OutputFolder, config, parameters.Export(optimiser.Average));
    }

    private FlatParameters ReadParameters(string folder, WanVaeConfig config)
    {
        using var stored = new StoredWeights(folder);
        return FlatParameters.Create(w => _ = new WanVae(config, w), (name, shape) => stored.Read(name, shape), _ => false, _ => false, _dtype, device);
    }

    private Tensor Encode(WanVae vae, Tensor video)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var mean = vae.EncodeMoments(video.to(_dtype)).Mean.to(ScalarType.Float32);
        var deviation = tensor([.. vae.Config.LatentsStd.Select(value => (float)value)], device: device).view(1, -1, 1, 1, 1);
        return (mean + (randn(mean.shape, device: device) * deviation * LatentNoise)).MoveToOuterDisposeScope();
    }

    private (Tensor Latents, Tensor Video) RandomCrop(WanVaeConfig config, Tensor latents, Tensor video, (int Height, int Width, int Clips) crop)
    {
        var clips = Math.Min(crop.Clips, (int)latents.size(0));
        var (height, width) = (Math.Min(crop.Height, (int)latents.size(3)), Math.Min(crop.Width, (int)latents.size(4)));
        var first = _random.Next((int)latents.size(0) - clips + 1);
        var (top, left) = (_random.Next((int)latents.size(3) - height + 1), _random.Next((int)latents.size(4) - width + 1));
        var f = config.SpatialFactor;
        return (latents.narrow(0, first, clips).narrow(3, top, height).narrow(4, left, width),
            video.narrow(0, first, clips).narrow(3, f * top, f * height).narrow(4, f * left, f * width));
    }
}
