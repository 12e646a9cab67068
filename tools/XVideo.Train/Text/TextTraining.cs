using TorchSharp;
using XVideo.Pipeline.TextEncoding;
using XVideo.Scenes;
using XVideo.Tokenizers;
using XVideo.Torch.Weights;
using XVideo.Train.Models;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train.Text;

/// <summary>
/// Teaches the text encoder to read before the transformer learns to draw: small heads must name what a scene shows from the tokens of its caption.
/// Captions cost nothing, so minutes on a CPU are enough. Where there is an encoder already, the new one also stays near its tokens, so that the
/// transformer that knows those still understands them.
/// </summary>
internal sealed class TextTraining(TrainingOptions options, Device device)
{
    private const double Rate = 2e-3;
    private const double NearnessWeight = 0.5;

    /// <summary>Trains within the time budget and writes <c>text_encoder/</c>.</summary>
    public void Run(Tokenizer tokenizer)
    {
        var config = DefaultModel.TextEncoderConfig(tokenizer.VocabularySize);
        var folder = Path.Combine(options.OutputFolder, "text_encoder");
        using var stored = options.Finish ? new StoredWeights(folder) : null;
        var (teacher, teacherWeights) = options.Finish ? Umt5Encoder.Load(folder, ScalarType.Float32, device) : default;
        using var _ = teacherWeights;

        Networks Build(Weights w) => new(new Umt5Encoder(config, w["text_encoder"]), new AttributeReader(w["reader"]));
        var initialisation = new Initialisation(options.Seed);
        float[] Initial(string name, long[] shape)
        {
            var isKept = stored is not null && name.StartsWith("text_encoder.", StringComparison.Ordinal) && !options.Anew.Any(part => name.Contains(part, StringComparison.Ordinal));
            var inComponent = ParameterKinds.InComponent(name);
            return isKept ? stored!.Read(inComponent, shape) : initialisation.Transformer(inComponent, shape);
        }
        using var parameters = FlatParameters.Create(w => Build(w), Initial, ParameterKinds.IsHiddenMatrix, ParameterKinds.StaysWide, ScalarType.Float32, device);
        using var optimiser = new Optimiser(parameters, ReplicaGroup.Single, beta2: 0.99, weightDecay: 0.01, averageDecay: 0.99);
        var networks = Build(new Weights(parameters.Network));
        var clips = new Clips((ulong)options.Seed, options.Size, device, ReplicaGroup.Single, DefaultModel.TextScenes);
        var budget = new Budget(options.TextMinutes, Rate, ReplicaGroup.Single, fallFrom: 0.2);
        var log = new TrainingLog("text", Path.Combine(options.OutputFolder, "text.csv"), budget, ReplicaGroup.Single);
        while (!budget.IsSpent && optimiser.StepCount < options.MaxSteps)
        {
            using var scope = NewDisposeScope();
            var (ids, labels) = Read(tokenizer, clips.Next(options.TextBatch));
            parameters.Prepare();
            var (loss, _, _) = Loss(networks, teacher, ids, labels);
            loss.backward();
            optimiser.Step(budget.RateAt(optimiser.StepCount));
            budget.Tick(optimiser.StepCount);
            log.Step(optimiser.StepCount, loss.detach(), ids.size(0), 0, _ => $"rate {budget.RateAt(optimiser.StepCount):g3}");
        }

        using var ungraded = no_grad();
        using var last = NewDisposeScope();
        ComponentWriter.WriteTextEncoder(options.OutputFolder, tokenizer.VocabularySize, parameters.Export(optimiser.Average));
        Report(Build(new Weights(parameters.Parameters(optimiser.Average))), teacher, tokenizer);
    }

    private sealed record Networks(Umt5Encoder Text, AttributeReader Reader);

    /// <returns>What is minimised, the scores, and the squared distance from the teacher's tokens as a share of their size.</returns>
    private static (Tensor Loss, Tensor Scores, Tensor? Distance) Loss(Networks networks, Umt5Encoder? teacher, Tensor ids, Tensor labels)
    {
        var mask = ids.gt(0).to(ScalarType.Int64);
        var tokens = networks.Text.Forward(ids, mask);
        var scores = networks.Reader.Forward(tokens, mask);
        var loss = AttributeReader.Loss(scores, labels);
        if (teacher is null) return (loss, scores, null);
        var shown = mask.unsqueeze(-1).to(ScalarType.Float32);
        Tensor wanted;
        using (no_grad()) wanted = teacher.Forward(ids, mask) * shown;
        var distance = ((tokens * shown) - wanted).square().sum() / wanted.square().sum();
        return (loss + (distance * NearnessWeight), scores, distance);
    }

    // How often each attribute is read right from captions of combinations that training never saw.
    private void Report(Networks networks, Umt5Encoder? teacher, Tokenizer tokenizer)
    {
        var scenes = Enumerable.Range(0, options.MeasureCaptions).Select(index => SceneGrammar.Sample((ulong)options.Seed, index, Split.HeldOut)).ToList();
        var (ids, labels) = Read(tokenizer, scenes);
        var (_, scores, distance) = Loss(networks, teacher, ids, labels);
        float[] Sum(Tensor flags) => flags.to(ScalarType.Float32).sum([0L]).cpu().data<float>().ToArray();
        var (right, has) = (Sum(scores.argmax(-1).eq(labels)), Sum(labels.ge(0)));
        var shares = SceneLabels.Names.Select((name, i) => FormattableString.Invariant($"{name} {100 * right[i] / has[i]:f1}"));
        Console.WriteLine($"text: {options.MeasureCaptions} held-out captions, percent read right: {string.Join(", ", shares)}{(distance is null ? "" : FormattableString.Invariant($"; {Math.Sqrt(distance.ToDouble()):f2} away from the tokens before"))}");
    }

    private (Tensor Ids, Tensor Labels) Read(Tokenizer tokenizer, IReadOnlyList<Scene> scenes)
    {
        var ids = tensor([.. scenes.SelectMany(scene => LatentPool.PadIds(tokenizer, scene.Caption))], device: device).view(scenes.Count, DefaultModel.TextLength);
        // No more columns than the longest caption needs.
        var longest = ids.gt(0).to(ScalarType.Int64).sum(1).max().item<long>();
        return (ids.narrow(1, 0, longest), SceneLabels.Of(scenes, device));
    }
}
