using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Masks;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo thresholds</c>: finds a threshold for every layer and head of a model and writes the file that <c>--threshold</c> takes.</summary>
internal static class ThresholdsCommand
{
    private const string Method = "xattention";

    // Only what shapes the videos and the blocks: everything else is what the command finds, or would stand in its way.
    private static readonly Setting[] NotForThresholds =
    [
        SettingTable.Report, SettingTable.Format, SettingTable.Crf, SettingTable.Preview, AttentionSettings.Attention, AttentionSettings.Threshold, AttentionSettings.Density,
        AttentionSettings.MinBlocks, AttentionSettings.MaxBlocks, AttentionSettings.DenseFirstLayers, AttentionSettings.DenseLastLayers, AttentionSettings.MaskRefresh, AttentionSettings.Window,
    ];

    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        SettingTable.All.Where(setting => setting is { IsCommon: false, Command: null or "thresholds" } && !NotForThresholds.Contains(setting));

    public static int Run(Settings settings)
    {
        var output = settings.Text(SettingTable.Output) ?? "thresholds.json";
        var (options, requests) = Check(settings, output);
        var isQuiet = settings.IsOn(SettingTable.Quiet) || settings.IsOn(SettingTable.Json);
        ProcessSettings.Apply(settings);
        using var interruption = new Interruption();
        using var pipeline = ProgressDisplay.Run(isQuiet, progress => GenerateCommand.Load(options, progress));
        var report = ProgressDisplay.Run(isQuiet, progress => pipeline.FindThresholds(
            requests, settings.Number(ThresholdSettings.Coverage) ?? 0.9, settings.Integer(ThresholdSettings.Search) ?? 0, progress, interruption.Token));
        report.Save(output);
        if (settings.IsOn(SettingTable.Json)) PrintJson(report, output);
        else Print(report, output, isQuiet);
        return 0;
    }

    private static (PipelineOptions Options, IReadOnlyList<ResolvedRequest> Requests) Check(Settings settings, string output)
    {
        var problems = new List<string>(settings.Problems);
        var prompts = GenerationPlan.ReadPrompts(settings, problems);
        if (RequestSettings.OpenModel(settings, problems) is not { } model) throw new ConfigurationException(problems);
        var requests = GenerationPlan.Resolve(prompts, settings.Text(SettingTable.PromptFile) is not null, problems, prompt =>
        {
            var request = RequestSettings.Request(settings, model, prompt, Method, isForced: true);
            // What files and the model say about choosing is what this command finds anew.
            var attention = new AttentionRequest
            {
                Method = Method, Backend = request.Attention!.Backend, BlockSize = request.Attention.BlockSize, Stride = request.Attention.Stride, DenseWarmup = request.Attention.DenseWarmup,
            };
            var defaults = WithoutChoice(model.Defaults) with { Presets = model.Defaults.Presets.ToDictionary(preset => preset.Key, preset => WithoutChoice(preset.Value)) };
            return RequestValidator.Resolve(request with { Attention = attention, Seed = request.Seed ?? 0 }, defaults, model.Limits);
        });
        try
        {
            ReportFile.Check(output, settings.IsOn(SettingTable.Force), "Threshold file", "thresholds.json");
        }
        catch (Video.VideoOutputException error) when (Failure.From(error).Kind == FailureKind.Request || problems.Count > 0)
        {
            problems.Add(error.Message);
        }
        return problems.Count == 0 ? (RequestSettings.Options(settings, model), requests) : throw new ConfigurationException(problems);
    }

    private static ModelDefaults WithoutChoice(ModelDefaults defaults) => defaults.Attention is not { } own ? defaults : defaults with
    {
        Attention = new AttentionRequest { Backend = own.Backend, BlockSize = own.BlockSize, Stride = own.Stride, DenseWarmup = own.DenseWarmup },
    };

    private static void Print(ThresholdReport report, string output, bool isQuiet)
    {
        Console.Out.WriteLine(Path.GetFullPath(output));
        if (isQuiet) return;
        Console.Out.WriteLine();
        Columns.Print(
            ["layer", .. Enumerable.Range(0, report.Layers[0].Count).Select(head => $"head {head}")],
            report.Layers.Select((layer, at) => (IReadOnlyList<string>)[at.ToString(CultureInfo.InvariantCulture), .. layer.Select(value => Show(value, "0.0000"))]));
        Console.Out.WriteLine();
        Columns.Print(["lowered heads", "PSNR against dense", "density"], report.Steps.Select(step => (IReadOnlyList<string>)
            [step.Reductions.ToString(CultureInfo.InvariantCulture), double.IsInfinity(step.Psnr) ? "equal" : $"{Show(step.Psnr, "0.00")} dB", Show(step.Density, "0.000")]));
    }

    private static void PrintJson(ThresholdReport report, string output) => JsonOutput.Print(json =>
    {
        json.WriteString("file", Path.GetFullPath(output));
        json.WriteStartArray("steps");
        foreach (var step in report.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("reductions", step.Reductions);
            if (double.IsFinite(step.Psnr)) json.WriteNumber("psnr", Math.Round(step.Psnr, 4));
            else json.WriteNull("psnr");
            json.WriteNumber("density", Math.Round(step.Density, 6));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Show(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
