using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>
/// Whole denoising runs with classifier-free guidance: the latents after each step, and the frames. The folder holds pairs of <c>X.json</c>
/// and <c>X.safetensors</c>; the model is the Wan folder beside it.
/// </summary>
public sealed class PipelineChecks : CheckFamily
{
    private const double FrameTolerance = 2e-3;
    private const double LatentTolerance = 2e-3;

    private const double LatentBFloat16Share = 0.05;
    private const double FrameBFloat16Share = 0.25;

    /// <inheritdoc/>
    public override string Title => "pipeline";

    /// <inheritdoc/>
    public override bool Fits(string folder) => Runs(folder).Any();

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        var model = FindModel(folder.Path);
        if (model is null)
        {
            report.Fail($"{folder.Name} pipeline", $"no Wan model folder lies beside {folder.Path}; copy the wan folder of the same goldens there");
            return;
        }
        foreach (var name in Runs(folder.Path)) Check(folder, name, model, options, report);
    }

    private static IEnumerable<string> Runs(string folder) =>
        Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Where(file => GoldenFile.Holds(Path.ChangeExtension(file, ".safetensors"), "latents_per_step"))
            .Select(file => Path.GetFileNameWithoutExtension(file));

    private static string? FindModel(string folder) =>
        Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!).Order(StringComparer.Ordinal).FirstOrDefault(WanFolder.IsModel);

    private static void Check(GoldenFolder folder, string name, string model, ParityOptions options, ParityReport report)
    {
        using var scope = NewDisposeScope();
        var title = $"{folder.Name} {name}";
        var json = SchedulerGolden.ReadJson(Path.Combine(folder.Path, name + ".json"));
        using var golden = new GoldenFile(Path.Combine(folder.Path, name + ".safetensors"));
        if (SchedulerGolden.Config(json["scheduler"]!.AsObject(), name) is not { } config)
        {
            report.LeaveOut(title);
            return;
        }

        using var scheduler = config.Create((int)json["num_inference_steps"]!);
        report.Compare($"{title} timesteps", scheduler.Timesteps, golden.Get("timesteps"), SchedulerChecks.TimestepTolerance);
        report.Compare($"{title} sigmas", scheduler.Sigmas, golden.Get("sigmas"), SchedulerChecks.SigmaTolerance);

        var (transformer, transformerWeights) = WanFolder.LoadTransformer(model, options);
        using var _ = transformerWeights;
        using var __ = transformer;
        var latents = golden.Get("latents0", options.Device);
        var (prompt, negative) = (golden.Get("prompt_embeds", options.Device), golden.Get("negative_prompt_embeds", options.Device));
        var references = golden.Get("latents_per_step").unbind();
        var guidance = (double)json["guidance_scale"]!;
        var attention = new DenseAttention();
        for (var step = 0; step < scheduler.Timesteps.Count; step++)
        {
            using var stepScope = NewDisposeScope();
            var time = full([latents.size(0)], scheduler.Timesteps[step], ScalarType.Float32, options.Device);
            var conditional = transformer.Forward(latents, time, prompt, attention).to(ScalarType.Float32);
            var unconditional = transformer.Forward(latents, time, negative, attention).to(ScalarType.Float32);
            latents = scheduler.Step(unconditional + ((conditional - unconditional) * guidance), step, latents).MoveToOuterDisposeScope();
            Compare($"latents after step {step + 1}", latents, references[step], LatentTolerance, LatentBFloat16Share);
        }

        // Decoding is the same for every scheduler: one golden has the frames.
        if (!golden.Has("frames")) return;
        var (vae, vaeWeights) = WanFolder.LoadVae(model, options);
        using var ___ = vaeWeights;
        var pixels = vae.Decode(Latents.Denormalize(latents, vae.Config).to(options.DType)).to(ScalarType.Float32);
        Compare("frames", ((pixels / 2) + 0.5).clamp((Scalar)0, (Scalar)1).transpose(1, 2), golden.Get("frames"), FrameTolerance, FrameBFloat16Share);

        void Compare(string what, Tensor value, Tensor reference, double float32, double bfloat16Share) =>
            report.Compare($"{title} {what}", value, reference, Tolerance(options, float32, bfloat16Share, reference));
    }
}
