using System.Diagnostics;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo generate</c>: check everything, load the model once, make the videos one after the other.</summary>
internal static class GenerateCommand
{
    public static int Run(Settings settings)
    {
        var plan = GenerationPlan.Create(settings);
        var isQuiet = settings.IsOn(SettingTable.Quiet) || settings.IsOn(SettingTable.Json);
        if (settings.IsOn(SettingTable.Verbose)) PrintSettings(settings);
        ProcessSettings.Apply(settings);
        using var interruption = new Interruption();
        using var pipeline = ProgressDisplay.Run(isQuiet, progress => Load(plan.Options, progress));
        var results = new List<VideoResult>();
        foreach (var job in plan.Jobs)
        {
            interruption.Token.ThrowIfCancellationRequested();
            WarnOfUnknownWords(pipeline, job.Request.Prompt);
            var result = ProgressDisplay.Run(isQuiet, progress => pipeline.Generate(job.Request, job.OutputPath, job.Output, progress, interruption.Token));
            results.Add(result);
            if (!settings.IsOn(SettingTable.Json)) PrintResult(result, isQuiet);
        }
        var json = results is [var only] && !plan.IsBatch ? only.ToJson() : $"[{string.Join(",\n", results.Select(result => result.ToJson()))}]";
        if (plan.ReportPath is { } report) ReportFile.Write(report, json);
        if (settings.IsOn(SettingTable.Json)) Console.Out.WriteLine(json);
        return 0;
    }

    internal static VideoPipeline Load(PipelineOptions options, IProgress<GenerationProgress> progress)
    {
        var clock = Stopwatch.StartNew();
        progress.Report(new GenerationProgress("load", 0, 1, TimeSpan.Zero, null));
        var pipeline = VideoPipeline.Load(options);
        progress.Report(new GenerationProgress("load", 1, 1, clock.Elapsed, null));
        return pipeline;
    }

    private static void PrintResult(VideoResult result, bool isQuiet)
    {
        Console.Out.WriteLine(result.OutputPath);
        if (isQuiet) return;
        var request = result.Settings;
        Console.Error.WriteLine(FormattableString.Invariant(
            $"{request.FrameCount} frames of {request.Width}x{request.Height}, {request.Steps} steps, seed {request.Seed}, {result.TotalTime.TotalSeconds:0.0} s on {result.Device}, {(result.PeakDeviceMemoryInBytes ?? result.PeakMemoryInBytes) / 1e6:0} MB at most"));
        Console.Error.WriteLine(result.AttentionSummary);
    }

    internal static void WarnOfUnknownWords(VideoPipeline pipeline, string prompt)
    {
        if (pipeline.UnknownWords(prompt) is not { Count: > 0 } words) return;
        var known = pipeline.Defaults.Families.Keys.ToArray();
        Console.Error.WriteLine($"warning: the model has never seen: {string.Join(", ", words)}.{(known.Length > 0 ? $" It knows: {string.Join(", ", known)} (examples: xvideo prompts)." : "")}");
    }

    private static void PrintSettings(Settings settings)
    {
        foreach (var setting in SettingTable.All.Where(setting => settings.Source(setting) != "default"))
            Console.Error.WriteLine($"{setting.OptionName[2..]} = {settings.Show(setting)} ({settings.Source(setting)})");
    }
}
