using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Comparison.Grid;
using XVideo.Comparison.Results;
using XVideo.Comparison.Running;
using XVideo.Comparison.Store;
using XVideo.Pipeline.Requests;
using XVideo.Video;

namespace XVideo.Cli.Commands;

/// <summary>Everything one <c>compare</c> will render, checked before any of it is done.</summary>
/// <param name="Options">What to load.</param>
/// <param name="Comparison">What to render and measure.</param>
internal sealed record ComparePlan(PipelineOptions Options, ComparisonPlan Comparison)
{
    private const string Dense = "dense";

    /// <exception cref="ConfigurationException">Options, prompts or arms are not usable: all problems at once.</exception>
    /// <exception cref="VideoOutputException">All is fine, but the folder cannot be written.</exception>
    /// <exception cref="FfmpegException">Files are to be measured, and there is no usable ffmpeg.</exception>
    public static ComparePlan Create(Settings settings, string output)
    {
        var problems = new List<string>(settings.Problems);
        var prompts = GenerationPlan.ReadPrompts(settings, problems);
        if (RequestSettings.OpenModel(settings, problems) is not { } model) throw new ConfigurationException(problems);
        var full = GenerationPlan.Resolve(
            prompts, settings.Text(SettingTable.PromptFile) is not null, problems, prompt => RequestValidator.Resolve(Request(settings, model, prompt, new AttentionRequest { Method = Dense }), model.Defaults, model.Limits));
        // Steps decide which warm-ups are equal; any number does where the request is not legal anyway.
        var arms = Arms(settings, model, full.FirstOrDefault()?.Steps ?? model.Defaults.Steps, problems);
        var domain = settings.Text(ComparisonSettings.Domain);
        if (domain is "file" or "both" && settings.IsOn(ComparisonSettings.NoClips))
            problems.Add($"domain {domain} is not usable: decoded files are measured on clips, and --no-clips writes none. Leave --no-clips out, or set --domain raw.");
        if (problems.Count > 0) throw new ConfigurationException([.. problems.Distinct()]);
        var missing = FindFfmpeg(settings, domain);
        ComparisonFolder.Prepare(output);
        var writesClips = missing is null && !settings.IsOn(ComparisonSettings.NoClips);
        return new ComparePlan(RequestSettings.Options(settings, model), new ComparisonPlan
        {
            Full = full,
            Arms = arms,
            MeasuresRaw = domain != "file",
            MeasuresFiles = writesClips && domain != "raw",
            WritesClips = writesClips,
            Crf = settings.Integer(SettingTable.Crf) ?? 18,
            FfmpegPath = settings.Text(SettingTable.Ffmpeg),
            MetricWeights = settings.Text(MetricSettings.MetricWeights),
            AttentionSamples = settings.Integer(ComparisonSettings.AttentionSamples) ?? ComparisonSettings.DefaultSamples,
            Part = Part(settings.Text(ComparisonSettings.Part)),
            NotComputed = writesClips && domain != "raw" ? [] : [new NamedValue("decoded files", missing ?? (writesClips ? "only frames before encoding were asked for" : "no clips were written"))],
        });
    }

    // A picture that is made again must not change: seed 0 where nobody says one.
    private static VideoRequest Request(Settings settings, ModelFolder model, PromptLine prompt, AttentionRequest attention)
    {
        var request = RequestSettings.Request(settings, model, prompt);
        return request with { Attention = attention with { Backend = attention.Backend ?? settings.Text(AttentionSettings.Backend) }, Seed = request.Seed ?? 0 };
    }

    private static IReadOnlyList<ComparisonArm> Arms(Settings settings, ModelFolder model, int steps, List<string> problems)
    {
        // Of an unknown method everything counts; each arm takes what its own method reads.
        var common = AttentionSettings.Request(settings, null, "any", isForced: true);
        string[] insisted = [.. AttentionSettings.All.Where(setting => settings.Source(setting) == setting.OptionName).Select(setting => setting.OptionName[2..])];
        // What is wrong with the video is said once, with the full request.
        return ArmList.Create(
            settings.Text(ComparisonSettings.Grid) ?? ArmList.DefaultGrid, Names(settings.Text(ComparisonSettings.Baselines)), settings.IsOn(ComparisonSettings.Floor), common, insisted, steps,
            attention => RequestValidator.Resolve(new VideoRequest { Prompt = "any", Preset = Known(settings, model), Steps = steps, Attention = attention }, model.Defaults, model.Limits), problems);
    }

    private static string? Known(Settings settings, ModelFolder model) => settings.Text(SettingTable.Preset) is { } preset && model.Defaults.Presets.ContainsKey(preset) ? preset : null;

    // Without ffmpeg there are still frames; only who asks for files needs it.
    private static string? FindFfmpeg(Settings settings, string? domain)
    {
        if (settings.IsOn(ComparisonSettings.NoClips)) return null;
        try
        {
            Ffmpeg.Find(settings.Text(SettingTable.Ffmpeg));
            return null;
        }
        catch (FfmpegException) when (domain is null or "raw")
        {
            return $"there is no usable ffmpeg, so no clips were written; install it with: {Ffmpeg.InstallCommand}";
        }
    }

    private static string[] Names(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static (int Index, int Count) Part(string? text) =>
        text?.Split('/') is [var index, var count] ? (int.Parse(index, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)) : (0, 1);
}
