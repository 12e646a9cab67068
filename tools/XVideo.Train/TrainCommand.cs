using System.CommandLine;
using TorchSharp;
using XVideo.Pipeline.Requests;
using XVideo.Train.Models;
using XVideo.Train.Replicas;

namespace XVideo.Train;

/// <summary><c>train</c>: makes a model folder, or goes on with one.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "Model folder to write; a run that finds its checkpoints there goes on.", Required = true };
    private static readonly Option<int> Seed = Number("--seed", "Seed of data, initial values and noise.", 1);
    private static readonly Option<int> Gpus = Number("--gpus", "Processes that train together, each on a GPU of its own; clips per step add up.", 1);
    private static readonly Option<double> VaeMinutes = Minutes("--vae-minutes", "Minutes for the autoencoder; 0 keeps the one in the folder.", 10);
    private static readonly Option<string?> StartVae = new("--start-vae") { Description = "Folder of an autoencoder to start from, for example weights/default/vae; without it training starts from random values." };
    private static readonly Option<double> DiTMinutes = Minutes("--dit-minutes", "Minutes for text encoder and transformer; 0 leaves them out.", 60);
    private static readonly Option<double> DecoderMinutes = Minutes("--decoder-minutes", "Minutes for tuning the decoder of the autoencoder in the folder, with its encoder fixed.", 0);
    private static readonly Option<int> VaeBatch = Number("--vae-batch", "Clips rendered at a time for the autoencoder, on each GPU.", 8);
    private static readonly Option<int> DiTBatch = Number("--dit-batch", "Clips in a step of the transformer, on each GPU.", 48);
    private static readonly Option<double> DiTRate = new("--dit-rate") { Description = "Learning rate of the transformer's plateau.", DefaultValueFactory = _ => new TrainingOptions { OutputFolder = "" }.DiTRate };
    private static readonly Option<int> Pool = Number("--pool", "Encoded clips kept on each GPU.", 8192);
    private static readonly Option<int> FirstClips = Number("--first-clips", "Clips encoded before the transformer's first step, on each GPU.", 1024);
    private static readonly Option<int> Reuse = Number("--reuse", "How often an encoded clip is used on average.", 64);
    private static readonly Option<int> MaxSteps = Number("--max-steps", "Step limit of each part.", int.MaxValue);
    private static readonly Option<int> Measure = Number("--measure-batches", "Groups of four clips on which the autoencoder is measured.", 16);
    private static readonly Option<double> SaveEvery = Minutes("--save-minutes", "Minutes between checkpoints and sample sheets.", 3);
    private static readonly Option<bool> Finish = new("--finish") { Description = "Start from the transformer and text encoder in the folder, with a learning rate that falls from the start." };
    private static readonly Option<double> TextMinutes = Minutes("--text-minutes", "Minutes for the text encoder alone, which learns to read captions before the transformer draws them; 0 leaves that out.", 2);
    private static readonly Option<string[]> Anew = new("--anew") { Description = "With --finish and --text-minutes: parameters of the text encoder whose names contain one of these begin anew, for example SelfAttention.q.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
    private static readonly Option<bool> Tiny = new("--tiny") { Description = "Three steps of each part on clips of 9 frames of 64×48: tries the code on a CPU in under a minute." };

    public static Command Create()
    {
        var command = new Command("train", "Trains autoencoder, then text encoder and transformer. Needs a GPU; --tiny tries the code without one.")
        {
            Out, Seed, Gpus, VaeMinutes, StartVae, TextMinutes, DiTMinutes, DecoderMinutes, VaeBatch, DiTBatch, DiTRate, Pool, FirstClips, Reuse, MaxSteps, Measure, SaveEvery, Finish, Anew, Tiny,
        };
        command.SetAction(parsed => Run(Options(parsed), parsed.GetValue(Gpus), parsed.GetValue(Tiny)));
        return command;
    }

    private static int Run(TrainingOptions options, int gpus, bool isTiny)
    {
        var membership = Membership.OfThisProcess();
        if (membership is null && gpus > 1) return ReplicaProcesses.Run(gpus, Environment.GetCommandLineArgs()[1..]);
        if (options.NeedsGpu && !isTiny && !torch.cuda.is_available()) throw new DeviceNotAvailableException("cuda", MissingGpu.Message(options));
        Directory.CreateDirectory(options.OutputFolder);
        using var replicas = membership is null ? ReplicaGroup.Single : ReplicaGroup.Join(membership);
        Training.Run(options, replicas);
        return 0;
    }

    private static TrainingOptions Options(ParseResult parsed)
    {
        var options = new TrainingOptions
        {
            OutputFolder = Path.GetFullPath(parsed.GetValue(Out)!),
            Seed = parsed.GetValue(Seed),
            VaeMinutes = parsed.GetValue(VaeMinutes),
            StartVae = parsed.GetValue(StartVae),
            DiTMinutes = parsed.GetValue(DiTMinutes),
            DecoderMinutes = parsed.GetValue(DecoderMinutes),
            VaeBatch = parsed.GetValue(VaeBatch),
            DiTBatch = parsed.GetValue(DiTBatch),
            DiTRate = parsed.GetValue(DiTRate),
            PoolSize = parsed.GetValue(Pool),
            FirstClips = parsed.GetValue(FirstClips),
            Reuse = parsed.GetValue(Reuse),
            MaxSteps = parsed.GetValue(MaxSteps),
            MeasureBatches = parsed.GetValue(Measure),
            SaveEveryMinutes = parsed.GetValue(SaveEvery),
            Finish = parsed.GetValue(Finish),
            TextMinutes = parsed.GetValue(TextMinutes),
            Anew = parsed.GetValue(Anew)!,
        };
        return parsed.GetValue(Tiny) ? options.Tiny() : options;
    }

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<double> Minutes(string name, string description, double value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}
