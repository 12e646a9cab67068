using System.Text.Json;
using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline;
using XVideo.Pipeline.Schedulers;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;
using XVideo.Scenes;
using XVideo.SparseAttention.Backends;
using XVideo.Tokenizers;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Trains text encoder and transformer jointly by flow matching: at noise level σ the sample is (1−σ)·x + σ·noise and the target noise − x.
/// Source: Lipman et al. 2023 (arXiv 2210.02747); shifted noise levels as in inference.
/// </summary>
internal sealed class DiTTraining(TrainingOptions options, Device device, ReplicaGroup replicas)
{
    private const double FlowShift = 3.0;
    private const double UnconditionalShare = 0.1;
    private const double FinishRateShare = 0.6;

    private readonly ScalarType _dtype = device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32;
    private readonly DenseAttention _attention = new();
    private readonly WanTransformerConfig _transformerConfig = DefaultModel.TransformerConfig();

    /// <summary>Trains within the time budget and writes <c>transformer/</c> and <c>text_encoder/</c>.</summary>
    public void Run(Tokenizer tokenizer)
    {
        var textConfig = DefaultModel.TextEncoderConfig(tokenizer.VocabularySize);
        Networks Build(Weights w) => new(new Umt5Encoder(textConfig, w["text_encoder"]), new WanTransformer(_transformerConfig, w["transformer"]));
        using var parameters = CreateParameters(w => Build(w));
        using var optimiser = new Optimiser(parameters, replicas, beta2: 0.99, weightDecay: 0.01, averageDecay: 0.999);
        var run = options.Finish ? "dit-finish" : "dit";
        var checkpoint = new Checkpoint(
            Path.Combine(options.OutputFolder, $"{run}-checkpoint.safetensors"), "text encoder and transformer",
            JsonSerializer.Serialize((object[])[DefaultModel.TextEncoder(tokenizer.VocabularySize), DefaultModel.Transformer()]), options.Seed);
        var restored = checkpoint.Restore(parameters, optimiser);

        var vaeFolder = Path.Combine(options.OutputFolder, "vae");
        var vaeConfig = WanVaeConfig.Load(Path.Combine(vaeFolder, "config.json"));
        var (vae, vaeWeights) = SafetensorsWeights.Load(vaeFolder, _dtype, device, [], w => new WanVae(vaeConfig, w));
        using var _ = vaeWeights;
        using var clips = new ClipSchedule(
            options, vae, tokenizer, _dtype, device, replicas, restored?.Position ?? (options.Finish ? DefaultModel.FinishScenes : DefaultModel.TransformerScenes));
        manual_seed(options.Seed + (1000 * replicas.Rank) + clips.Position);   // noise that a run that goes on has not had before

        var budget = options.Finish
            ? new Budget(options.DiTMinutes, options.DiTRate * FinishRateShare, replicas, restored?.Minutes ?? 0, fallFrom: 0)
            : new Budget(options.DiTMinutes, options.DiTRate, replicas, restored?.Minutes ?? 0);
        var log = new TrainingLog("dit", Path.Combine(options.OutputFolder, $"{run}.csv"), budget, replicas);
        var empty = tensor(LatentPool.PadIds(tokenizer, ""), device: device);
        var networks = Build(new Weights(parameters.Network));
        using var transformer = networks.Transformer;
        var nextSave = budget.SpentMinutes + options.SaveEveryMinutes;
        bool IsOver() => budget.IsSpent || optimiser.StepCount >= options.MaxSteps;
        while (!IsOver())
        {
            using (NewDisposeScope())
            {
                var (latents, ids, tokens) = clips.Draw(optimiser.StepCount, budget.Progress);
                parameters.Prepare();
                var loss = Loss(networks, latents, ids, empty);
                loss.backward();
                var rate = budget.RateAt(optimiser.StepCount);
                optimiser.Step(rate);
                budget.Tick(optimiser.StepCount);
                // A backward pass is two forward ones.
                log.Step(optimiser.StepCount, loss.detach(), latents.size(0), 3 * latents.size(0) * OperationCount.TransformerPass(_transformerConfig, tokens), _ => $"rate {rate:g3}");
            }
            if (budget.SpentMinutes < nextSave && !IsOver()) continue;
            nextSave = budget.SpentMinutes + options.SaveEveryMinutes;
            if (replicas.IsFirst) Save();
        }

        replicas.CheckEqual(parameters.Values, "text encoder and transformer");

        void Save()
        {
            using var ungraded = no_grad();
            using var scope = NewDisposeScope();
            ComponentWriter.WriteTransformer(options.OutputFolder, parameters.Export(optimiser.Average));
            ComponentWriter.WriteTextEncoder(options.OutputFolder, tokenizer.VocabularySize, parameters.Export(optimiser.Average));
            if (options.KeepCheckpoints) checkpoint.Write(parameters, optimiser, budget, clips.Position);
            var averaged = Build(new Weights(parameters.Parameters(optimiser.Average)));
            using var shown = averaged.Transformer;
            Sample(averaged, tokenizer, vae, clips, $"dit-{optimiser.StepCount:d6}.png");
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
    private void Sample(Networks networks, Tokenizer tokenizer, WanVae vae, ClipSchedule schedule, string fileName)
    {
        const int steps = 20;
        const double guidance = 4.0;
        using var scope = NewDisposeScope();
        string[] prompts = [.. SceneFamily.All.Select(family => family.ExamplePrompts[0])];
        manual_seed(1234);
        var latents = randn([prompts.Length, .. schedule.LatentShape], device: device);
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
            clips.Add(vae.Decode(Latents.Denormalize(latents.narrow(0, i, 1), vae.Config).to(_dtype)).to(ScalarType.Float32));
        Pictures.WriteSheet(Path.Combine(options.OutputFolder, fileName), cat(clips, 0), 6);
        // Training goes on with noise that it has not had before, and that a repeated run has again.
        manual_seed(options.Seed + schedule.Position);
    }

    private FlatParameters CreateParameters(Action<Weights> build)
    {
        var initialisation = new Initialisation(options.Seed);
        using var text = options.Finish || options.TextMinutes > 0 ? new StoredWeights(Path.Combine(options.OutputFolder, "text_encoder")) : null;
        using var transformer = options.Finish ? new StoredWeights(Path.Combine(options.OutputFolder, "transformer")) : null;
        float[] Initial(string name, long[] shape)
        {
            var stored = name.StartsWith("text_encoder.", StringComparison.Ordinal) ? text : transformer;
            var inComponent = ParameterKinds.InComponent(name);
            return stored?.Read(inComponent, shape) ?? initialisation.Transformer(inComponent, shape);
        }
        return FlatParameters.Create(build, Initial, ParameterKinds.IsHiddenMatrix, ParameterKinds.StaysWide, _dtype, device);
    }
}
