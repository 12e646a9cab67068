using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Trains the autoencoder on random crops: absolute and squared error, and a faint pull of the latents towards a unit normal.</summary>
internal sealed class VaeTraining(TrainingOptions options, Device device)
{
    // Crops keep every frame: trained on 13 frames, reconstructions fell from 33 dB to 18 dB between the first frame and the last of 41.
    // Their sizes vary because the attention in the middle must not get used to one number of pixels.
    private static readonly (int Height, int Width, int ShareOfBatch)[] Crops = [(64, 64, 1), (96, 128, 3), (64, 96, 2), (192, 256, 8)];

    private const double DivergenceWeight = 1e-5;
    private const double PeakRate = 1.5e-3;

    private readonly ScalarType _dtype = device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32;
    private readonly Random _random = new(options.Seed);

    /// <summary>Trains within the time budget and writes <c>vae/</c>.</summary>
    public WanVaeConfig Run()
    {
        var unit = Enumerable.Repeat(1.0, DefaultModel.LatentChannels).ToArray();
        var config = DefaultModel.Autoencoder(new double[DefaultModel.LatentChannels], unit);
        using var parameters = FlatParameters.Create(w => _ = new WanVae(config, w), new Initialisation(options.Seed).Autoencoder, [], device);
        using var optimiser = new AdamW(parameters, beta2: 0.99, weightDecay: 1e-4, averageDecay: 0.998);
        var checkpoint = Path.Combine(options.OutputFolder, "vae-checkpoint.safetensors");
        var restored = Checkpoint.Restore(checkpoint, parameters, optimiser, (ulong)options.Seed);
        var clips = new Clips((ulong)options.Seed, options.Size, device, restored?.Position ?? 0);
        var budget = new Budget(options.VaeMinutes, PeakRate, restored?.Minutes ?? 0);
        var log = new TrainingLog("vae", Path.Combine(options.OutputFolder, "vae.csv"), parameters.Count(), budget);

        while (!budget.IsSpent && optimiser.StepCount < options.MaxSteps)
        {
            using var scope = NewDisposeScope();
            var clip = clips.Render(clips.Next(options.VaeBatch));
            foreach (var crop in Crops)
            {
                if (budget.IsSpent || optimiser.StepCount >= options.MaxSteps) break;
                using var stepScope = NewDisposeScope();
                var (loss, squared) = Loss(new WanVae(config, new Weights(parameters.View(_dtype))), RandomCrop(clip, crop));
                loss.backward();
                optimiser.Step(budget.RateAt(optimiser.StepCount));
                log.Step(optimiser.StepCount, squared, Math.Max(1, options.VaeBatch / crop.ShareOfBatch), value => $"PSNR {VaeMeasurement.Psnr(value):f2} dB");
            }
        }

        using var ungraded = no_grad();
        using var final = NewDisposeScope();
        config = new VaeMeasurement(options, _dtype).Run(config, parameters.View(_dtype, optimiser.Average), clips);
        ComponentWriter.WriteVae(options.OutputFolder, config, parameters.Export(optimiser.Average));
        if (options.KeepCheckpoints) Checkpoint.Write(checkpoint, parameters, optimiser, budget, (ulong)options.Seed, clips.Position);
        return config;
    }

    private (Tensor Loss, Tensor Squared) Loss(WanVae vae, Tensor video)
    {
        var (mean, logVariance) = vae.EncodeMoments(video.to(_dtype));
        mean = mean.to(ScalarType.Float32);
        logVariance = logVariance.to(ScalarType.Float32).clamp((Scalar)(-20.0), (Scalar)10.0);
        var latents = mean + ((logVariance * 0.5).exp() * randn(mean.shape, device: device));
        var rebuilt = vae.Decode(latents.to(_dtype), clamp: false).to(ScalarType.Float32);
        var divergence = (mean.square() + logVariance.exp() - 1 - logVariance).mean() * 0.5;
        var (error, squared) = VaeMeasurement.Error(rebuilt, video);
        return (error + (divergence * DivergenceWeight), squared);
    }

    // Larger crops take fewer clips of the batch, so that every step costs about the same.
    private Tensor RandomCrop(Tensor video, (int Height, int Width, int ShareOfBatch) crop)
    {
        var clips = Math.Max(1, (int)video.size(0) / crop.ShareOfBatch);
        var (height, width) = (Math.Min(crop.Height, options.Size.Height), Math.Min(crop.Width, options.Size.Width));
        return video
            .narrow(0, _random.Next((int)video.size(0) - clips + 1), clips)
            .narrow(3, _random.Next(options.Size.Height - height + 1), height)
            .narrow(4, _random.Next(options.Size.Width - width + 1), width).contiguous();
    }
}
