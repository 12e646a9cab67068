using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Scenes;
using XVideo.Torch.Weights;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Measures an autoencoder on whole clips: quality on held-out scenes with a picture of originals above reconstructions, latent statistics on training scenes.</summary>
internal sealed class VaeMeasurement(TrainingOptions options, ScalarType dtype, Device device)
{
    private const int Batch = 4;
    private const int SheetColumns = 6;

    /// <summary>What is minimised, and its squared part: absolute plus squared error.</summary>
    public static (Tensor Error, Tensor Squared) Error(Tensor rebuilt, Tensor video)
    {
        var squared = nn.functional.mse_loss(rebuilt, video);
        return (nn.functional.l1_loss(rebuilt, video) + squared, squared.detach());
    }

    /// <summary>Decibels of a squared error of pixels that span 2 (−1…1), hence the 4.</summary>
    public static double Psnr(double squaredError) => 10 * Math.Log10(4 / Math.Max(squaredError, 1e-12));

    /// <summary>Prints the quality.</summary>
    /// <returns>The config with the latent statistics.</returns>
    public WanVaeConfig Run(WanVaeConfig config, IWeightSource source)
    {
        var vae = new WanVae(config, new Weights(source));
        Report(vae);
        var clips = new Clips((ulong)options.Seed, options.Size, device, ReplicaGroup.Single);
        List<Tensor> latents = [];
        for (var i = 0; i < options.MeasureBatches; i++)
        {
            using var scope = NewDisposeScope();
            latents.Add(vae.EncodeMoments(clips.Render(clips.Next(Batch)).to(dtype)).Mean.to(ScalarType.Float32).MoveToOuterDisposeScope());
        }
        var all = cat(latents, 0);
        var center = all.mean([0, 2, 3, 4], keepdim: true);
        var deviation = (all - center).square().mean([0, 2, 3, 4]).sqrt();
        return config with { LatentsMean = ToList(center.flatten()), LatentsStd = ToList(deviation) };
    }

    private void Report(WanVae vae)
    {
        var heldOut = new Clips((ulong)options.Seed, options.Size, device, ReplicaGroup.Single, split: Split.HeldOut);
        List<double> quality = [];
        for (var i = 0; i < options.MeasureBatches; i++)
        {
            using var scope = NewDisposeScope();
            var video = heldOut.Render(heldOut.Next(Batch));
            var rebuilt = vae.Decode(vae.EncodeMoments(video.to(dtype)).Mean).to(ScalarType.Float32);
            quality.AddRange((rebuilt - video).square().mean([1, 2, 3, 4]).cpu().data<float>().ToArray().Select(error => Psnr(error)));
            if (i == 0) Pictures.WriteSheet(Path.Combine(options.OutputFolder, "vae.png"), cat([video, rebuilt], 0), SheetColumns);
        }
        quality.Sort();
        Console.WriteLine($"vae: held-out clips PSNR {quality.Average():f2} dB in the mean, {quality[quality.Count / 2]:f2} dB in the median, {quality[0]:f2} dB at worst, over {quality.Count} clips");
    }

    private static IReadOnlyList<double> ToList(Tensor values) => [.. values.cpu().data<float>().ToArray().Select(value => Math.Round((double)value, 5))];
}
