using System.CommandLine;
using XVideo.Pipeline.Requests;
using XVideo.Train;
using XVideo.Train.Models;

var output = new Option<string>("--out") { Description = "Model folder to write; a run that finds its checkpoints there goes on.", Required = true };
var seed = new Option<int>("--seed") { Description = "Seed of data, initial values and noise.", DefaultValueFactory = _ => 1 };
var vaeMinutes = new Option<double>("--vae-minutes") { Description = "Minutes for the autoencoder; 0 keeps the one in the folder.", DefaultValueFactory = _ => 6 };
var ditMinutes = new Option<double>("--dit-minutes") { Description = "Minutes for text encoder and transformer; 0 leaves them out.", DefaultValueFactory = _ => 20 };
var decoderMinutes = new Option<double>("--decoder-minutes") { Description = "Minutes for tuning the decoder of the autoencoder in the folder, with its encoder fixed.", DefaultValueFactory = _ => 0 };
var vaeBatch = new Option<int>("--vae-batch") { Description = "Clips in a step of the autoencoder.", DefaultValueFactory = _ => 8 };
var ditBatch = new Option<int>("--dit-batch") { Description = "Clips in a step of the transformer.", DefaultValueFactory = _ => 48 };
var pool = new Option<int>("--pool") { Description = "Encoded clips kept on the device.", DefaultValueFactory = _ => 4096 };
var maxSteps = new Option<int>("--max-steps") { Description = "Step limit of each part.", DefaultValueFactory = _ => int.MaxValue };
var measure = new Option<int>("--measure-batches") { Description = "Groups of four clips on which the autoencoder is measured.", DefaultValueFactory = _ => 16 };
var saveEvery = new Option<double>("--save-minutes") { Description = "Minutes between checkpoints and sample sheets.", DefaultValueFactory = _ => 3 };

var finish = new Option<bool>("--finish") { Description = "Go on from the transformer and text encoder in the folder, with a learning rate that falls from the start." };
var manifest = new Option<string>("--manifest") { Description = "Only writes manifest.json for the trained model in the folder; the value says on what it was trained." };
var commit = new Option<string>("--commit") { Description = "For --manifest: the revision that trained it.", DefaultValueFactory = _ => "unknown" };
var tiny = new Option<bool>("--tiny") { Description = "Clips of 9 frames of 64×48 and a small vocabulary sample: for testing the code on a CPU." };

var command = new RootCommand("Trains the default model of XVideo: autoencoder, then text encoder and transformer. A GPU is needed for a real run; on the CPU a few steps test the code.")
{
    output, seed, vaeMinutes, ditMinutes, decoderMinutes, vaeBatch, ditBatch, pool, maxSteps, measure, saveEvery, tiny, finish, manifest, commit,
};
command.SetAction(parsed =>
{
    var options = new TrainingOptions
    {
        OutputFolder = Path.GetFullPath(parsed.GetValue(output)!),
        Seed = parsed.GetValue(seed),
        Size = parsed.GetValue(tiny) ? new ClipSize(9, 48, 64) : DefaultModel.Size,
        VocabularySample = parsed.GetValue(tiny) ? 2_000 : 200_000,
        VaeMinutes = parsed.GetValue(vaeMinutes),
        DiTMinutes = parsed.GetValue(ditMinutes),
        DecoderMinutes = parsed.GetValue(decoderMinutes),
        Finish = parsed.GetValue(finish),
        VaeBatch = parsed.GetValue(vaeBatch),
        DiTBatch = parsed.GetValue(ditBatch),
        PoolSize = parsed.GetValue(pool),
        MaxSteps = parsed.GetValue(maxSteps),
        MeasureBatches = parsed.GetValue(measure),
        SaveEveryMinutes = parsed.GetValue(saveEvery),
    };
    try
    {
        Directory.CreateDirectory(options.OutputFolder);
        if (parsed.GetValue(manifest) is { } hardware) Manifest.Write(options.OutputFolder, parsed.GetValue(commit)!, hardware, options.Seed);
        else Training.Run(options);
        return 0;
    }
    catch (Exception error)
    {
        var failure = Failure.From(error);
        Console.Error.WriteLine(failure.Kind == FailureKind.Unexpected ? error.ToString() : $"XVideo.Train: {failure.Message}");
        return (int)failure.Kind;
    }
});
return command.Parse(args).Invoke();
