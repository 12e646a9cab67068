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
    private const int CropFrames = 13;
    private const int CropSide = 112;
    private const int CropsPerClip = 4;   // rendering a clip costs as much as training on a crop
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
            for (var crop = 0; crop < CropsPerClip && !budget.IsSpent; crop++)
            {
                using var stepScope = NewDisposeScope();
                var (loss, squared) = Loss(new WanVae(config, new Weights(parameters.View(_dtype))), RandomCrop(clip));
                loss.backward();
                optimiser.Step(budget.RateAt(optimiser.StepCount));
                log.Step(optimiser.StepCount, squared, options.VaeBatch, value => $"PSNR {Psnr(value):f2} dB");
            }
        }

        using var ungraded = no_grad();
        using var final = NewDisposeScope();
        config = Measure(config, parameters.View(_dtype, optimiser.Average), clips);
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
        var squared = nn.functional.mse_loss(rebuilt, video);
        return (nn.functional.l1_loss(rebuilt, video) + squared + (divergence * DivergenceWeight), squared.detach());
    }

    // The crop starts at any frame: the first latent frame must be able to hold any moment.
    private Tensor RandomCrop(Tensor video)
    {
        var (frames, height, width) = (Math.Min(CropFrames, options.Size.Frames), Math.Min(CropSide, options.Size.Height), Math.Min(CropSide, options.Size.Width));
        return video
            .narrow(2, _random.Next(options.Size.Frames - frames + 1), frames)
            .narrow(3, _random.Next(options.Size.Height - height + 1), height)
            .narrow(4, _random.Next(options.Size.Width - width + 1), width).contiguous();
    }

    // Latent statistics over whole clips, the quality on whole clips, and a picture of originals above their reconstructions.
    private WanVaeConfig Measure(WanVaeConfig config, IWeightSource source, Clips clips)
    {
        var vae = new WanVae(config, new Weights(source));
        List<Tensor> latents = [], errors = [];
        for (var i = 0; i < options.MeasureBatches; i++)
        {
            using var scope = NewDisposeScope();
            var video = clips.Render(clips.Next(4));
            var mean = vae.EncodeMoments(video.to(_dtype)).Mean;
            var rebuilt = vae.Decode(mean).to(ScalarType.Float32).clamp((Scalar)(-1.0), (Scalar)1.0);
            latents.Add(mean.to(ScalarType.Float32).MoveToOuterDisposeScope());
            errors.Add(nn.functional.mse_loss(rebuilt, video).MoveToOuterDisposeScope());
            if (i == 0) Pictures.WriteSheet(Path.Combine(options.OutputFolder, "vae.ppm"), cat([video, rebuilt], 0), 6);
        }
        var all = cat(latents, 0);
        var center = all.mean([0, 2, 3, 4], keepdim: true);
        var deviation = (all - center).square().mean([0, 2, 3, 4]).sqrt();
        Console.WriteLine($"vae: whole clips PSNR {errors.Average(error => Psnr(error.ToDouble())):f2} dB over {4 * options.MeasureBatches} clips");
        return config with { LatentsMean = ToList(center.flatten()), LatentsStd = ToList(deviation) };
    }

    private static IReadOnlyList<double> ToList(Tensor values) => [.. values.cpu().data<float>().ToArray().Select(value => Math.Round((double)value, 5))];

    // Pixels span 2 (−1…1), hence the 4.
    private static double Psnr(double squaredError) => 10 * Math.Log10(4 / Math.Max(squaredError, 1e-12));
}
