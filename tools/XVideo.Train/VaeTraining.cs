using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Scenes;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Trains the autoencoder on random crops: absolute and squared error, a faint pull of the latents towards a unit normal, and for whole pictures the same
/// error at half size, decoded from latents averaged over 2×2: latents that scale with the picture are smoother, which the transformer learns faster.
/// Latents are kept even over time as well (<see cref="Unevenness"/>).
/// Source of the last: Kouzelis et al. 2025 (arXiv 2502.09509).
/// </summary>
internal sealed class VaeTraining(TrainingOptions options, Device device, ReplicaGroup replicas)
{
    // Crops keep every frame: trained on 13 frames, reconstructions fell from 33 dB to 18 dB between the first frame and the last of 41.
    // Their sizes vary because the attention in the middle must not get used to one number of pixels.
    private static readonly (int Height, int Width, int ShareOfBatch)[] Crops = [(64, 64, 1), (96, 128, 3), (64, 96, 2), (192, 256, 8)];

    private const int LargeEvery = 4;                 // groups of crops between two whole clips of the large size
    private const double DivergenceWeight = 5e-5;
    private const double HalfSizeWeight = 0.5;
    private const double EvennessWeight = 0.01;
    private const double PeakRate = 1.5e-3;
    private const double PeakRateFromStored = 1e-3;
    private const double AverageDecay = 0.998;

    private readonly ScalarType _dtype = device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32;
    private readonly Random _random = new(options.Seed + (1000 * replicas.Rank));

    /// <summary>Trains within the time budget and writes <c>vae/</c>.</summary>
    public void Run()
    {
        var unit = Enumerable.Repeat(1.0, DefaultModel.LatentChannels).ToArray();
        var config = DefaultModel.Autoencoder(new double[DefaultModel.LatentChannels], unit);
        // Layers of another size, for example around more latent channels, begin anew.
        using var stored = options.StartVae is { } folder ? new StoredWeights(folder) : null;
        var initialisation = new Initialisation(options.Seed);
        using var parameters = FlatParameters.Create(
            w => _ = new WanVae(config, w), (name, shape) => stored?.Find(name, shape) ?? initialisation.Autoencoder(name, shape), _ => false, _ => false, _dtype, device);
        using var optimiser = new Optimiser(parameters, replicas, beta2: 0.99, weightDecay: 1e-4, AverageDecay);
        var checkpoint = new Checkpoint(Path.Combine(options.OutputFolder, "vae-checkpoint.safetensors"), "autoencoder", config.ToJson(), options.Seed);
        var restored = checkpoint.Restore(parameters, optimiser);
        var clips = new Clips((ulong)options.Seed, options.Size, device, replicas, restored?.Position ?? 0);
        var largeClips = new Clips((ulong)options.Seed, options.LargeSize, device, replicas, DefaultModel.LargeScenes + (restored?.Position ?? 0));
        var budget = new Budget(options.VaeMinutes, stored is null ? PeakRate : PeakRateFromStored, replicas, restored?.Minutes ?? 0);
        var log = new TrainingLog("vae", Path.Combine(options.OutputFolder, "vae.csv"), budget, replicas);
        var network = new WanVae(config, new Weights(parameters.Network));
        bool IsOver() => budget.IsSpent || optimiser.StepCount >= options.MaxSteps;

        var nextSave = budget.SpentMinutes + options.SaveEveryMinutes;
        for (var group = 0; !IsOver(); group++)
        {
            using var scope = NewDisposeScope();
            if (group % LargeEvery == LargeEvery - 1) Step(largeClips.Render(largeClips.Next(1)));
            var clip = clips.Render(clips.Next(options.VaeBatch));
            foreach (var crop in Crops)
                if (!IsOver()) Step(RandomCrop(clip, crop));
            if (budget.SpentMinutes < nextSave) continue;
            nextSave = budget.SpentMinutes + options.SaveEveryMinutes;
            Save();
        }
        replicas.CheckEqual(parameters.Values, "autoencoder");
        if (replicas.IsFirst) Finish();

        void Step(Tensor video)
        {
            using var scope = NewDisposeScope();
            parameters.Prepare();
            var (loss, squared) = Loss(network, video);
            loss.backward();
            optimiser.Step(budget.RateAt(optimiser.StepCount));
            budget.Tick(optimiser.StepCount);
            log.Step(optimiser.StepCount, squared, video.size(0), 0, value => $"PSNR {VaeMeasurement.Psnr(value):f2} dB");
        }

        void Finish()
        {
            using var ungraded = no_grad();
            using var scope = NewDisposeScope();
            var measured = new VaeMeasurement(options, _dtype, device).Run(config, parameters.Parameters(optimiser.Average));
            ComponentWriter.WriteVae(options.OutputFolder, measured, parameters.Export(optimiser.Average));
            Save();
        }

        void Save()
        {
            if (replicas.IsFirst && options.KeepCheckpoints) checkpoint.Write(parameters, optimiser, budget, clips.Position);
        }
    }

    private (Tensor Loss, Tensor Squared) Loss(WanVae vae, Tensor video)
    {
        var (mean, logVariance) = vae.EncodeMoments(video.to(_dtype));
        mean = mean.to(ScalarType.Float32);
        logVariance = logVariance.to(ScalarType.Float32).clamp((Scalar)(-20.0), (Scalar)10.0);
        var latents = mean + ((logVariance * 0.5).exp() * randn(mean.shape, device: device));
        var divergence = (mean.square() + logVariance.exp() - 1 - logVariance).mean() * 0.5;
        var (error, squared) = VaeMeasurement.Error(Decode(vae, latents), video);
        var loss = error + (divergence * DivergenceWeight) + (Unevenness(mean) * EvennessWeight);
        if (video.size(3) == options.Size.Height) loss = loss + (VaeMeasurement.Error(Decode(vae, Halve(latents)), Halve(video)).Error * HalfSizeWeight);
        return (loss, squared);
    }

    // How much mean and deviation of each channel differ between latent frames, as shares of its deviation over all. Without this the first frames, which see
    // little before them, had half the deviation of the later ones: at equal noise the transformer could not see them as well.
    private static Tensor Unevenness(Tensor latents)
    {
        var center = latents.mean([0, 2, 3, 4], keepdim: true);
        var deviation = (latents - center).square().mean([0, 2, 3, 4], keepdim: true).add(1e-6).sqrt().detach();
        var frameCenter = latents.mean([0, 3, 4], keepdim: true);
        var frameDeviation = (latents - frameCenter).square().mean([0, 3, 4], keepdim: true).add(1e-6).sqrt();
        return (((frameCenter - center) / deviation).square() + ((frameDeviation / deviation) - 1).square()).mean();
    }

    private Tensor Decode(WanVae vae, Tensor latents) => vae.Decode(latents.to(_dtype), clamp: false).to(ScalarType.Float32);

    // [B, C, T, H, W] to [B, C, T, H/2, W/2].
    private static Tensor Halve(Tensor x) =>
        x.reshape(x.size(0), x.size(1), x.size(2), x.size(3) / 2, 2, x.size(4) / 2, 2).mean([4, 6]);

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
