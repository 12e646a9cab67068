using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using XVideo.Pipeline.Requests;
using XVideo.Train.Models;

namespace XVideo.Train.Evaluation;

/// <summary><c>XVideo.Train evaluate</c>: does the model show what captions ask for?</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Output = new("--output") { Description = "Folder for results, contact sheets and the report; what is done there is not done again.", Required = true };
    private static readonly Option<string> Model = new("--model") { Description = "Model folder, or the name of one under a weights folder.", DefaultValueFactory = _ => "default" };
    private static readonly Option<EvaluationSource> Source = new("--source") { Description = "model: what it makes of the captions; truth: the renders; autoencoder: the renders, encoded and decoded.", DefaultValueFactory = _ => EvaluationSource.Model };
    private static readonly Option<int> Captions = Whole("--captions", "Held-out captions.", 1, 100_000, 240);
    private static readonly Option<int> Seed = Whole("--seed", "Other noise for the same captions. With 1 the seed of a caption's noise is its number.", 1, 1_000_000, 1);
    private static readonly Option<EvaluationPart> Part = Parsed("--part", "This process's share of the captions, so that several may share a folder.", "i/n, for example 0/8 to 7/8", EvaluationPart.Parse, EvaluationPart.Whole);
    private static readonly Option<bool> Merge = new("--merge") { Description = "Only make the report from the results that are there." };
    private static readonly Option<string> Preset = new("--preset") { Description = "A preset of the model, for example large." };
    private static readonly Option<ClipSize?> Size = Parsed<ClipSize?>("--size", "Size of the clips; default: the model's.", "WIDTHxHEIGHTxFRAMES, for example 256x192x41", ParseSize, null);
    private static readonly Option<int?> Steps = new("--steps") { Description = "Denoising steps; default: the model's." };
    private static readonly Option<double?> Guidance = new("--guidance") { Description = "Guidance scale; default: the model's." };
    private static readonly Option<double?> FlowShift = new("--flow-shift") { Description = "Shift of the noise schedule; default: the model's." };
    private static readonly Option<string> Scheduler = new("--scheduler") { Description = $"One of {string.Join(", ", RequestRules.Schedulers)}; default: the model's." };
    private static readonly Option<string> Attention = new("--attention") { Description = $"One of {string.Join(", ", RequestRules.Attentions)}; default: the model's." };
    private static readonly Option<string> Threshold = new("--threshold") { Description = "As of xvideo generate." };
    private static readonly Option<double?> Density = new("--density") { Description = "As of xvideo generate." };
    private static readonly Option<int?> Stride = new("--stride") { Description = "As of xvideo generate." };
    private static readonly Option<int?> BlockSize = new("--block-size") { Description = "As of xvideo generate." };
    private static readonly Option<string> DenseWarmup = new("--dense-warmup") { Description = "As of xvideo generate." };
    private static readonly Option<string> Device = Parsed("--device", "What to compute on.", "auto, cpu, cuda or cuda:N", text => PipelineOptions.IsDevice(text) ? text : null, PipelineOptions.Automatic);
    private static readonly Option<string> Dtype = Parsed("--dtype", "Number type of the networks.", string.Join(" or ", PipelineOptions.DTypes), text => PipelineOptions.DTypes.Contains(text) ? text : null, PipelineOptions.Automatic);
    private static readonly Option<int?> Threads = new("--threads") { Description = "CPU threads; default: all." };
    private static readonly Option<int> Sheets = Whole("--sheets", "Most contact sheets, six captions each, failures first.", 0, 1000, 6);

    public static Command Create()
    {
        var command = new Command("evaluate", "Judge clips of held-out captions by their pixels: per aspect and family, against the same judge on the renders.")
        {
            Output, Model, Source, Captions, Seed, Part, Merge, Preset, Size, Steps, Guidance, FlowShift, Scheduler, Attention, Threshold, Density, Stride, BlockSize, DenseWarmup, Device, Dtype, Threads, Sheets,
        };
        // Asynchronous, so that Ctrl-C and SIGTERM cancel: finished captions are on disk already.
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            var options = ReadOptions(parsed);
            var report = EvaluationRun.Run(options, Console.Error, cancellation);
            if (report is null) return 0;
            foreach (var score in report.Aspects)
                Console.WriteLine(FormattableString.Invariant($"{score.Aspect,-12} {score.Right,4} of {score.Asked,4} right, truth {score.TruthRight,4}, relative {100 * score.Relative?.Value:0.0} %"));
            Console.WriteLine(Path.Combine(options.OutputFolder, "report.md"));
            return 0;
        }
        catch (EvaluationException error)
        {
            Console.Error.WriteLine($"XVideo.Train: {error.Message}");
            return (int)FailureKind.Request;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("XVideo.Train: cancelled. Finished captions are kept; the same command goes on from there.");
            return (int)FailureKind.Cancelled;
        }
    }

    private static EvaluationOptions ReadOptions(ParseResult parsed)
    {
        var size = parsed.GetValue(Size);
        return new EvaluationOptions
        {
            OutputFolder = Path.GetFullPath(parsed.GetValue(Output)!),
            ModelFolder = ModelCatalog.Create(null).Find(parsed.GetValue(Model)!),
            Source = parsed.GetValue(Source),
            Captions = parsed.GetValue(Captions),
            Seed = parsed.GetValue(Seed),
            Part = parsed.GetValue(Part)!,
            Merge = parsed.GetValue(Merge),
            Device = parsed.GetValue(Device)!,
            DType = parsed.GetValue(Dtype)!,
            Threads = parsed.GetValue(Threads),
            Sheets = parsed.GetValue(Sheets),
            Request = new VideoRequest
            {
                Prompt = "",
                Preset = parsed.GetValue(Preset),
                Width = size?.Width,
                Height = size?.Height,
                FrameCount = size?.Frames,
                Steps = parsed.GetValue(Steps),
                GuidanceScale = parsed.GetValue(Guidance),
                FlowShift = parsed.GetValue(FlowShift),
                Scheduler = parsed.GetValue(Scheduler),
                Attention = new AttentionRequest
                {
                    Method = parsed.GetValue(Attention), Threshold = parsed.GetValue(Threshold), Density = parsed.GetValue(Density),
                    Stride = parsed.GetValue(Stride), BlockSize = parsed.GetValue(BlockSize), DenseWarmup = parsed.GetValue(DenseWarmup),
                },
            },
        };
    }

    private static ClipSize? ParseSize(string text) =>
        text.Split('x') is [var width, var height, var frames] && Number(width) is { } w && Number(height) is { } h && Number(frames) is { } f ? new ClipSize(f, h, w) : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Option<int> Whole(string name, string description, int least, int most, int otherwise) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Number(result.Tokens[0].Value) is { } value && value >= least && value <= most ? value : Refuse<int>(result, name, $"a whole number from {least} to {most}")!,
    };

    private static Option<T> Parsed<T>(string name, string description, string allowed, Func<string, T?> parse, T otherwise) => new(name)
    {
        Description = description,
        HelpName = allowed,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => parse(result.Tokens[0].Value) is { } value ? value : Refuse<T>(result, name, allowed),
    };

    private static T? Refuse<T>(ArgumentResult result, string name, string allowed)
    {
        result.AddError($"{name} {result.Tokens[0].Value} is not usable: it must be {allowed}.");
        return default;
    }
}
