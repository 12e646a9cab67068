using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Comparison;
using XVideo.Comparison.Files;
using XVideo.Comparison.Page;
using XVideo.Comparison.Results;
using XVideo.Comparison.Running;
using XVideo.Comparison.Store;
using XVideo.Comparison.Tables;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo compare</c>: sparse against full attention over prompts and settings, or videos that exist against each other.</summary>
internal static class CompareCommand
{
    private const string DefaultFolder = "comparison";

    private static readonly Setting[] NotForComparisons = [SettingTable.Report, SettingTable.Format, SettingTable.Preview, SettingTable.Force, AttentionSettings.Attention];

    // What has a meaning when nothing is rendered.
    private static readonly Setting[] ForFiles = [ComparisonSettings.Video, ComparisonSettings.Reference];

    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        SettingTable.All.Where(setting => setting is { IsCommon: false, Command: null or "compare" } && !NotForComparisons.Contains(setting)).Append(MetricSettings.MetricWeights);

    public static int Run(Settings settings)
    {
        var isQuiet = settings.IsOn(SettingTable.Quiet) || settings.IsOn(SettingTable.Json);
        using var interruption = new Interruption();
        try
        {
            if (ForFiles.Any(setting => settings.Text(setting) is not null)) return CompareFiles(settings, isQuiet, interruption.Token);
            return settings.IsOn(ComparisonSettings.Merge) ? Merge(settings, isQuiet) : Render(settings, isQuiet, interruption.Token);
        }
        catch (ComparisonException error)
        {
            throw new ConfigurationException(error.Problems);
        }
    }

    private static int Render(Settings settings, bool isQuiet, CancellationToken cancellation)
    {
        var output = settings.Text(SettingTable.Output) ?? DefaultFolder;
        var plan = ComparePlan.Create(settings, output);
        ProcessSettings.Apply(settings);
        using var pipeline = ProgressDisplay.Run(isQuiet, progress => GenerateCommand.Load(plan.Options, progress));
        foreach (var request in plan.Comparison.Full) GenerateCommand.WarnOfUnknownWords(pipeline, request.Prompt);
        ComparisonFolder folder;
        try
        {
            folder = ProgressDisplay.Run(isQuiet, progress => ComparisonRunner.Run(pipeline, plan.Comparison, output, progress, cancellation));
        }
        catch (OperationCanceledException)
        {
            var (missing, all) = Count(ComparisonFolder.Open(output));
            Console.Error.WriteLine($"{all - missing} of {all} pairs are finished and kept in {output}. The same command goes on after them.");
            throw;
        }
        return Report(settings, folder, isQuiet);
    }

    private static int Report(Settings settings, ComparisonFolder folder, bool isQuiet)
    {
        var (missing, all) = Count(folder);
        if (missing == 0) return Finish(settings, ReportBuilder.Build(folder), folder.Folder, isQuiet);
        if (settings.IsOn(SettingTable.Json)) JsonOutput.Print(json => { json.WriteString("folder", folder.Folder); json.WriteNumber("missingPairs", missing); });
        else if (!isQuiet) Console.Error.WriteLine($"This part is done; {missing} of {all} pairs belong to others. The last part makes the report; --merge makes it of what is there.");
        return 0;
    }

    private static int Merge(Settings settings, bool isQuiet)
    {
        settings.ThrowIfUnusable();
        var folder = ComparisonFolder.Open(settings.Text(SettingTable.Output) ?? DefaultFolder);
        return Finish(settings, ReportBuilder.Build(folder), folder.Folder, isQuiet);
    }

    private static int CompareFiles(Settings settings, bool isQuiet, CancellationToken cancellation)
    {
        var problems = new List<string>(settings.Problems);
        foreach (var setting in ForFiles.Where(setting => settings.Text(setting) is null))
            problems.Add($"{setting.OptionName} is missing: --video and --reference go together. Give both a video, or both a folder.");
        foreach (var setting in ComparisonSettings.All.Except(ForFiles).Append(SettingTable.Prompt).Append(SettingTable.PromptFile).Where(setting => settings.Text(setting) is not null))
            problems.Add($"{setting.OptionName} has no effect on videos that exist. Leave it out, or leave --video and --reference out.");
        if (problems.Count > 0) throw new ConfigurationException(problems);
        var output = settings.Text(SettingTable.Output);
        if (output is not null) ComparisonFolder.Prepare(output);
        ProcessSettings.Apply(settings);
        var report = ProgressDisplay.Run(isQuiet, progress => FileComparison.Measure(
            settings.Text(ComparisonSettings.Video)!, settings.Text(ComparisonSettings.Reference)!, settings.Text(MetricSettings.MetricWeights), settings.Text(SettingTable.Ffmpeg),
            VideoPipeline.Version, (done, count) => progress.Report(new GenerationProgress("compare", done, count, TimeSpan.Zero, null)), cancellation));
        return Finish(settings, report, output, isQuiet);
    }

    private static int Finish(Settings settings, ComparisonReport report, string? folder, bool isQuiet)
    {
        if (folder is not null) ReportFiles.Write(report, folder);
        if (settings.IsOn(SettingTable.Json)) Console.Out.WriteLine(ComparisonJson.Write(report));
        else if (!isQuiet) ComparisonTable.Print(report);
        if (folder is not null && !settings.IsOn(SettingTable.Json)) Console.Out.WriteLine(Path.GetFullPath(Path.Combine(folder, ComparisonPage.FileName)));
        return 0;
    }

    private static (int Missing, int All) Count(ComparisonFolder folder) => (ReportBuilder.Missing(folder), folder.Header.Prompts.Count * folder.Header.Arms.Count);
}
