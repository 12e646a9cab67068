using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Judges an autoencoder on whole clips: quality, latent statistics, and a picture of originals above their reconstructions.</summary>
internal sealed class VaeMeasurement(TrainingOptions options, ScalarType dtype)
{
    /// <summary>What is minimised, and its squared part: absolute plus squared error.</summary>
    public static (Tensor Error, Tensor Squared) Error(Tensor rebuilt, Tensor video)
    {
        var squared = nn.functional.mse_loss(rebuilt, video);
        return (nn.functional.l1_loss(rebuilt, video) + squared, squared.detach());
    }

    /// <summary>Decibels of a squared error of pixels that span 2 (−1…1), hence the 4.</summary>
    public static double Psnr(double squaredError) => 10 * Math.Log10(4 / Math.Max(squaredError, 1e-12));

    /// <summary>Prints the quality.</summary>
    /// <returns>The config with the latent statistics of these clips.</returns>
    public WanVaeConfig Run(WanVaeConfig config, IWeightSource source, Clips clips)
    {
        var vae = new WanVae(config, new Weights(source));
        List<Tensor> latents = [];
        List<double> quality = [];
        for (var i = 0; i < options.MeasureBatches; i++)
        {
            using var scope = NewDisposeScope();
            var video = clips.Render(clips.Next(4));
            var mean = vae.EncodeMoments(video.to(dtype)).Mean;
            var rebuilt = vae.Decode(mean).to(ScalarType.Float32);
            latents.Add(mean.to(ScalarType.Float32).MoveToOuterDisposeScope());
            quality.AddRange((rebuilt - video).square().mean([1, 2, 3, 4]).cpu().data<float>().ToArray().Select(error => Psnr(error)));
            if (i == 0) Pictures.WriteSheet(Path.Combine(options.OutputFolder, "vae.ppm"), cat([video, rebuilt], 0), 6);
        }
        var all = cat(latents, 0);
        var center = all.mean([0, 2, 3, 4], keepdim: true);
        var deviation = (all - center).square().mean([0, 2, 3, 4]).sqrt();
        quality.Sort();
        Console.WriteLine($"vae: whole clips PSNR {quality.Average():f2} dB in the mean, {quality[quality.Count / 2]:f2} dB in the median, {quality[0]:f2} dB at worst, over {quality.Count} clips");
        return config with { LatentsMean = ToList(center.flatten()), LatentsStd = ToList(deviation) };
    }

    private static IReadOnlyList<double> ToList(Tensor values) => [.. values.cpu().data<float>().ToArray().Select(value => Math.Round((double)value, 5))];
}
