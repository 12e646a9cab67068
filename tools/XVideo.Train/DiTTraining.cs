using System.Text.Json;
using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Schedulers;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;
using XVideo.Scenes;
using XVideo.SparseAttention.Backends;
using XVideo.Tokenizers;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Trains text encoder and transformer jointly by flow matching: at noise level σ the sample is (1−σ)·x + σ·noise and the target noise − x.
/// Source: Lipman et al. 2023 (arXiv 2210.02747); shifted noise levels as in inference.
/// </summary>
internal sealed class DiTTraining(TrainingOptions options, Device device)
{
    private const double PeakRate = 1e-3;
    private const double FinishRate = 6e-4;
    private const double FlowShift = 3.0;
    private const double UnconditionalShare = 0.1;
    private const int RefreshEvery = 32;
    private const int RefreshCount = 64;
    private static readonly string[] KeepInFloat32 = [.. WanTransformer.KeepInFloat32, "layer_norm", "relative_attention_bias"];

    private readonly ScalarType _dtype = device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32;
    private readonly DenseAttention _attention = new();

    /// <summary>Trains within the time budget and writes <c>transformer/</c> and <c>text_encoder/</c>.</summary>
    public void Run(Tokenizer tokenizer)
    {
        var transformerConfig = JsonSerializer.Deserialize<WanTransformerConfig>(JsonSerializer.Serialize(DefaultModel.Transformer()))!;
        var textConfig = JsonSerializer.Deserialize<Umt5Config>(JsonSerializer.Serialize(DefaultModel.TextEncoder(tokenizer.VocabularySize)))!;
        Networks Build(Weights w) => new(new Umt5Encoder(textConfig, w["text_encoder"]), new WanTransformer(transformerConfig, w["transformer"]));

        using var parameters = CreateParameters(w => Build(w));
        using var optimiser = new AdamW(parameters, beta2: 0.99, weightDecay: 0.01, averageDecay: 0.999);
        var checkpoint = Path.Combine(options.OutputFolder, "dit-checkpoint.safetensors");
        var restored = Checkpoint.Restore(checkpoint, parameters, optimiser, (ulong)options.Seed);
        var clips = new Clips((ulong)options.Seed, options.Size, device, restored?.Position ?? (options.Finish ? 3_000_000 : 1_000_000));
        using var pool = new LatentPool(options.OutputFolder, tokenizer, clips, options.Size, options.PoolSize, device);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        pool.Refresh(options.PoolSize / 2);
        Console.WriteLine($"dit: {options.PoolSize / 2} clips rendered and encoded in {clock.Elapsed.TotalSeconds:f1} s");

        var budget = options.Finish
            ? new Budget(options.DiTMinutes, FinishRate, restored?.Minutes ?? 0, fallFrom: 0)
            : new Budget(options.DiTMinutes, PeakRate, restored?.Minutes ?? 0);
        var log = new TrainingLog("dit", Path.Combine(options.OutputFolder, options.Finish ? "dit-finish.csv" : "dit.csv"), parameters.Count(), budget);
        var empty = tensor(LatentPool.PadIds(tokenizer, ""), device: device);
        var nextSave = budget.SpentMinutes + options.SaveEveryMinutes;
        while (!budget.IsSpent && optimiser.StepCount < options.MaxSteps)
        {
            using (NewDisposeScope())
            {
                if (optimiser.StepCount % RefreshEvery == 0) pool.Refresh(Math.Min(RefreshCount, options.PoolSize / 2));
                var (latents, ids) = pool.Draw(options.DiTBatch);
                var loss = Loss(Build(new Weights(parameters.View(_dtype))), latents, ids, empty);
                loss.backward();
                optimiser.Step(budget.RateAt(optimiser.StepCount));
                log.Step(optimiser.StepCount, loss.detach(), options.DiTBatch, _ => $"rate {budget.RateAt(optimiser.StepCount):g3}");
            }
            if (budget.SpentMinutes < nextSave && !budget.IsSpent && optimiser.StepCount < options.MaxSteps) continue;
            nextSave = budget.SpentMinutes + options.SaveEveryMinutes;
            using var ungraded = no_grad();
            using var scope = NewDisposeScope();
            ComponentWriter.WriteTransformer(options.OutputFolder, parameters.Export(optimiser.Average));
            ComponentWriter.WriteTextEncoder(options.OutputFolder, tokenizer.VocabularySize, parameters.Export(optimiser.Average));
            Sample(Build(new Weights(parameters.View(_dtype, optimiser.Average))), tokenizer, pool, $"dit-{optimiser.StepCount:d6}.ppm");
            if (options.KeepCheckpoints) Checkpoint.Write(checkpoint, parameters, optimiser, budget, (ulong)options.Seed, clips.Position);
        }
    }

    private sealed record Networks(Umt5Encoder Text, WanTransformer Transformer);

    private Tensor Loss(Networks networks, Tensor clean, Tensor ids, Tensor empty)
    {
        var batch = clean.size(0);
        var unconditional = rand([batch, 1], device: device).lt(UnconditionalShare);
        ids = where(unconditional, empty.unsqueeze(0), ids);
        var uniform = rand([batch], device: device);
        var sigma = uniform * FlowShift / ((uniform * (FlowShift - 1)) + 1);
        var level = sigma.view(batch, 1, 1, 1, 1);
        var noise = randn(clean.shape, device: device);
        var noisy = (clean * (1 - level)) + (noise * level);
        var predicted = networks.Transformer.Forward(noisy.to(_dtype), sigma * 1000, Encode(networks.Text, ids), _attention);
        return nn.functional.mse_loss(predicted.to(ScalarType.Float32), noise - clean);
    }

    // As the pipeline does it: padding is hidden from the encoder and zero in what it hands on.
    private static Tensor Encode(Umt5Encoder encoder, Tensor ids)
    {
        var mask = ids.gt(0).to(ScalarType.Int64);
        var encoded = encoder.Forward(ids, mask);
        return encoded * mask.unsqueeze(-1).to(encoded.dtype);
    }

    // A contact sheet of fixed prompts and noise: plain Euler with guidance.
    private void Sample(Networks networks, Tokenizer tokenizer, LatentPool pool, string fileName)
    {
        const int steps = 20;
        const double guidance = 4.0;
        using var scope = NewDisposeScope();
        string[] prompts = [.. SceneFamily.All.Select(family => family.ExamplePrompts[0])];
        manual_seed(1234);
        var shape = pool.Draw(prompts.Length).Latents.shape;
        var latents = randn(shape, device: device);
        Tensor TextOf(IEnumerable<string> texts) =>
            Encode(networks.Text, tensor([.. texts.SelectMany(text => LatentPool.PadIds(tokenizer, text))], device: device).view(-1, DefaultModel.TextLength));
        var both = cat([TextOf(prompts), TextOf(prompts.Select(_ => ""))], 0);
        using var scheduler = new SchedulerConfig { Kind = SchedulerKind.Euler, FlowShift = FlowShift }.Create(steps);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var time = full([2 * prompts.Length], scheduler.Timesteps[step], ScalarType.Float32, device);
            var halves = networks.Transformer.Forward(cat([latents, latents], 0).to(_dtype), time, both, _attention).to(ScalarType.Float32).chunk(2);
            var velocity = halves[1] + ((halves[0] - halves[1]) * guidance);
            latents = scheduler.Step(velocity, step, latents).MoveToOuterDisposeScope();
        }
        var clips = new List<Tensor>();
        for (var i = 0; i < prompts.Length; i++)
            clips.Add(pool.Vae.Decode(Latents.Denormalize(latents.narrow(0, i, 1), pool.Config).to(_dtype)).to(ScalarType.Float32));
        Pictures.WriteSheet(Path.Combine(options.OutputFolder, fileName), cat(clips, 0), 6);
        // Training goes on with noise that it has not had before, and that a repeated run has again.
        manual_seed(options.Seed + pool.ClipsEncoded);
    }

    // "transformer.blocks.0…" is "blocks.0…" in the folder transformer/.
    private FlatParameters CreateParameters(Action<Weights> build)
    {
        static string InComponent(string name) => name[(name.IndexOf('.') + 1)..];
        if (!options.Finish)
        {
            var initialisation = new Initialisation(options.Seed);
            return FlatParameters.Create(build, (name, shape) => initialisation.Transformer(InComponent(name), shape), KeepInFloat32, device);
        }
        using var text = new StoredWeights(Path.Combine(options.OutputFolder, "text_encoder"));
        using var transformer = new StoredWeights(Path.Combine(options.OutputFolder, "transformer"));
        return FlatParameters.Create(
            build, (name, _) => (name.StartsWith("text_encoder.", StringComparison.Ordinal) ? text : transformer).Read(InComponent(name)), KeepInFloat32, device);
    }
}
