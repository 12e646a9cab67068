using System.Text.Json;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Evaluation;
using XVideo.Evaluation.Results;
using XVideo.Pipeline.Requests;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo evaluate</c>: scores a folder of videos in VBench-style dimensions.</summary>
internal static class EvaluateCommand
{
    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        [.. EvaluationSettings.All, MetricSettings.MetricWeights, SettingTable.Output, SettingTable.Device, SettingTable.Threads];

    public static int Run(Settings settings)
    {
        var options = ReadOptions(settings);
        var isQuiet = settings.IsOn(SettingTable.Quiet) || settings.IsOn(SettingTable.Json);
        using var interruption = new Interruption();
        var report = ProgressDisplay.Run(isQuiet, progress => Evaluate(options, progress, interruption.Token));
        if (settings.IsOn(SettingTable.Json)) Console.Out.WriteLine(JsonSerializer.Serialize(report, EvaluationJson.Indented));
        else EvaluationTable.Print(report, isQuiet);
        if (options.OutputFolder is { } folder && !settings.IsOn(SettingTable.Json)) Console.Out.WriteLine(Path.GetFullPath(Path.Combine(folder, "evaluation.html")));
        return 0;
    }

    private static EvaluationReport Evaluate(EvaluationOptions options, IProgress<GenerationProgress> progress, CancellationToken cancellation)
    {
        try
        {
            return Evaluator.Run(options, new Adapter(progress), cancellation);
        }
        catch (EvaluationException error)
        {
            throw new ConfigurationException(error.Problems);
        }
        catch (OperationCanceledException) when (options.OutputFolder is not null)
        {
            Console.Error.WriteLine($"xvideo: results of finished clips are kept in {options.OutputFolder}; the same command goes on from there");
            throw;
        }
    }

    private static EvaluationOptions ReadOptions(Settings settings)
    {
        var problems = new List<string>(settings.Problems);
        var videos = settings.Text(EvaluationSettings.Videos);
        if (string.IsNullOrWhiteSpace(videos)) problems.Add("No videos were given. Pass a folder: xvideo evaluate --videos FOLDER");
        var output = settings.Text(SettingTable.Output);
        if (output is not null && (output.Length == 0 || File.Exists(output))) problems.Add($"output \"{output}\" is {(output.Length == 0 ? "empty" : "a file")}; the report and its parts go into a folder. Set for example --output evaluation.");
        if (problems.Count > 0) throw new ConfigurationException(problems);
        ProcessSettings.Apply(settings);
        return new EvaluationOptions
        {
            VideosFolder = videos!,
            AgainstFolder = settings.Text(EvaluationSettings.Against),
            PromptsFile = settings.Text(EvaluationSettings.Prompts),
            SuiteFile = settings.Text(EvaluationSettings.Suite),
            MetricWeights = settings.Text(MetricSettings.MetricWeights),
            ImportScores = settings.Text(EvaluationSettings.ImportScores),
            Dimensions = settings.Text(EvaluationSettings.Dimensions)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            OutputFolder = output,
            SkipUnreadable = settings.IsOn(EvaluationSettings.SkipUnreadable),
            FfmpegPath = settings.Text(SettingTable.Ffmpeg),
            Device = ChooseDevice(settings),
        };
    }

    // Without weight files there are no networks, and libtorch is not needed.
    private static Device? ChooseDevice(Settings settings)
    {
        if (settings.Text(MetricSettings.MetricWeights) is null) return null;
        if (settings.Integer(SettingTable.Threads) is { } threads) set_num_threads(threads);
        var asked = settings.Show(SettingTable.Device);
        if (asked == "cpu" || (asked == PipelineOptions.Automatic && !cuda.is_available())) return CPU;
        var device = new Device(asked == PipelineOptions.Automatic ? "cuda" : asked);
        var gpus = cuda.device_count();
        return device.index < gpus ? device : throw new DeviceNotAvailableException(asked, $"libtorch {Libtorch.Version} sees {gpus} GPUs. Use --device cpu, or a GPU that is there.");
    }

    private sealed class Adapter(IProgress<GenerationProgress> inner) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => inner.Report(new GenerationProgress($"{value.Stage} clips", value.Done, value.Total, value.Elapsed, value.Remaining));
    }
}
